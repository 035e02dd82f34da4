import * as vscode from 'vscode';

const WORDS: Record<string, () => string> = {
  Unschedulable: () => vscode.l10n.t('no node has room for it'),
  ContainerCreating: () => vscode.l10n.t('being made ready'),
  PodInitializing: () => vscode.l10n.t('being made ready'),
  ErrImagePull: () => vscode.l10n.t('its image cannot be pulled'),
  ImagePullBackOff: () => vscode.l10n.t('its image cannot be pulled'),
  RegistryUnavailable: () => vscode.l10n.t('its image’s registry does not answer'),
  InvalidImageName: () => vscode.l10n.t('its image’s name is not valid'),
  ErrImageNeverPull: () => vscode.l10n.t('its image is not on the node'),
  CrashLoopBackOff: () => vscode.l10n.t('failed, will be started again'),
  CreateContainerConfigError: () => vscode.l10n.t('a Secret or ConfigMap that it names is missing'),
  CreateContainerError: () => vscode.l10n.t('its container cannot be made'),
  RunContainerError: () => vscode.l10n.t('its program cannot be started'),
  StartError: () => vscode.l10n.t('its program cannot be started'),
  ContainerCannotRun: () => vscode.l10n.t('its program cannot be started'),
  OOMKilled: () => vscode.l10n.t('out of memory'),
  Evicted: () => vscode.l10n.t('evicted, its node ran short'),
  Preempting: () => vscode.l10n.t('made room for a more important Pod'),
  DeadlineExceeded: () => vscode.l10n.t('out of time'),
  NodeLost: () => vscode.l10n.t('its node is gone'),
  NodeShutdown: () => vscode.l10n.t('its node was shut down'),
  Terminated: () => vscode.l10n.t('its node was shut down'),
};

/**
 * Why a Pod waits or has failed.
 * @param reason Kubernetes’ word, such as ImagePullBackOff
 * @returns words for it; the word itself where there are none; undefined where an exit code says all
 */
export function podReason(reason: string | undefined): string | undefined {
  if (reason === undefined || reason === 'Completed' || reason === 'Error') return undefined;
  return Object.hasOwn(WORDS, reason) ? WORDS[reason]?.() : reason;
}
