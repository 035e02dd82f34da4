import { SCHEMES } from '../../ids.ts';
import { showEnd, showLiveDocument } from '../../liveDocument.ts';
import { type Subject, subjectUri } from '../../subject.ts';

/** Opens a log's document at its end. @param title what its tab says */
export async function openLog(title: string, subject: Subject): Promise<void> {
  showEnd(await showLiveDocument(subjectUri(SCHEMES.log, title, subject)));
}
