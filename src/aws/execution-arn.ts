/** `arn:aws:states:<region>:<account>:stateMachine:<machine>` → `…:execution:<machine>:<name>` */
export function executionArn(stateMachineArn: string, name: string): string {
  return `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
}
