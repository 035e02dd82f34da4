import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

/**
 * The document of a webview that has one script and one style sheet of `dist`, and may load nothing else.
 * @param name of both files, without their endings
 */
export function webviewPage(webview: vscode.Webview, dist: vscode.Uri, name: string): string {
  const nonce = randomBytes(16).toString('base64');
  const uri = (file: string) => webview.asWebviewUri(vscode.Uri.joinPath(dist, file));
  return `<!DOCTYPE html>
<html>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}'">
<link rel="stylesheet" href="${uri(`${name}.css`)}">
</head>
<body><script nonce="${nonce}" src="${uri(`${name}.js`)}"></script></body>
</html>`;
}
