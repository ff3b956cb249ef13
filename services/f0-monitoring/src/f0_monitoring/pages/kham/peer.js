// One connection between two browsers ("perfect negotiation"): both may offer at any time; when they do so at
// once the polite one gives way. A broken path is mended by an ICE restart, again and again.
const MEND_AFTER = 3000, LOOK = 8000;

export class Peer {
  /** `send(body)` reaches the other browser; `onTrack(stream)`, `onState('connected' | 'lost' | 'connecting')`, `onBody(body)` for what is no signal. */
  constructor({ polite, servers, relayOnly, stream, send, onTrack, onState, onBody }) {
    Object.assign(this, { polite, send, onState, onBody, offering: false, ignoring: false, state: 'connecting', queue: Promise.resolve() });
    this.pc = new RTCPeerConnection({ iceServers: servers, iceTransportPolicy: relayOnly ? 'relay' : 'all', bundlePolicy: 'max-bundle' });
    const remote = new MediaStream();
    this.pc.ontrack = ({ track }) => { remote.getTracks().filter(old => old.kind === track.kind).forEach(old => remote.removeTrack(old)); remote.addTrack(track); onTrack(remote); };
    this.pc.onicecandidate = ({ candidate }) => candidate && send({ candidate });
    this.pc.onnegotiationneeded = () => this.offer();
    this.pc.onconnectionstatechange = () => this.changed();
    // Both lines exist from the start, so that switching a camera on or off later needs no new offer.
    this.senders = {};
    for (const kind of ['audio', 'video']) {
      const track = stream?.getTracks().find(one => one.kind === kind);
      this.senders[kind] = this.pc.addTransceiver(track ?? kind, { direction: 'sendrecv', streams: stream ? [stream] : [] }).sender;
    }
    this.watch = setInterval(() => this.look(), LOOK);
  }

  async offer() {
    try {
      this.offering = true;
      await this.pc.setLocalDescription();
      this.send({ description: this.pc.localDescription });
    } catch { /* the next look offers again */ } finally { this.offering = false; }
  }

  /** Offer once more what nobody answered: what is said while a line is away reaches nobody. */
  repeat() { if (this.pc.signalingState === 'have-local-offer') this.send({ description: this.pc.localDescription }); }

  /** Take what the other browser sent, one after another. */
  take(body) {
    this.queue = this.queue.then(() => this.handle(body)).catch(() => {});
    return this.queue;
  }
  async handle({ description, candidate, ...body }) {
    const { pc } = this;
    if (description) {
      const collides = description.type === 'offer' && (this.offering || pc.signalingState !== 'stable');
      this.ignoring = !this.polite && collides;
      if (this.ignoring) return;
      await pc.setRemoteDescription(description);
      if (description.type === 'offer') { await pc.setLocalDescription(); this.send({ description: pc.localDescription }); }
    } else if (candidate) {
      try { await pc.addIceCandidate(candidate); } catch (fault) { if (!this.ignoring) throw fault; }
    } else this.onBody(body);
  }

  changed() {
    const before = this.state, now = this.pc.connectionState;
    this.state = now === 'connected' ? 'connected' : before === 'connected' || before === 'lost' ? 'lost' : 'connecting';
    if (now === 'failed') this.mend();
    clearTimeout(this.mending);
    if (now === 'disconnected') this.mending = setTimeout(() => this.mend(), MEND_AFTER);
    if (this.state !== before) this.onState(this.state);
  }
  /** Look for another path; one side is enough, and it is the one that need not give way. */
  mend() { if (this.pc.signalingState !== 'closed') this.pc.restartIce(); }
  look() { if (!this.polite && this.pc.connectionState !== 'connected') this.mend(); }

  /** Send another track of its kind, or none (null): without a new offer. */
  replace(kind, track) { return this.senders[kind].replaceTrack(track); }
  setServers(servers) { this.pc.setConfiguration({ ...this.pc.getConfiguration(), iceServers: servers }); }
  close() { clearInterval(this.watch); clearTimeout(this.mending); this.pc.close(); }
}
