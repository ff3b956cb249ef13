// Why a text is not accepted. The words are those of common.credential.refusals.
export class Unverifiable extends Error {
  constructor(reason, detail = '') {
    super(detail ? `${reason}: ${detail}` : reason);
    this.reason = reason;
  }
}

export const damaged = detail => new Unverifiable('damaged', detail);
