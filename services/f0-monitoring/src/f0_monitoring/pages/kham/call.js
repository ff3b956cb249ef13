// The call of this page: the line to the server, the connection to the other browser, and what is measured.
import { PAGE, openLine } from './line.js';
import { Peer } from './peer.js';
import { grade, judge, measure } from './quality.js';
import { enterSignedIn, iceServers } from './entry.js';

const LOOK = 3000, TELL_EVERY = 5;                     // looks between two words to the server

export class Call {
  /** `onChange(state)` after everything that the page shows. */
  constructor(entry, stream, { relayOnly = false, withPicture = true, onChange }) {
    Object.assign(this, { entry, stream, relayOnly, onChange, peer: null, early: [], looks: 0, look: {}, tooBad: judge() });
    this.state = { line: false, room: null, call: 'none', remote: null, way: withPicture ? 'video' : 'audio', peerWay: 'video', quality: 'unknown', saved: '', ended: null, refused: null, problem: '' };
    this.line = openLine(entry.address, entry.ticket, message => this.hear(message), ({ connected }) => this.put({ line: connected }));
    this.timer = setInterval(() => this.watch(), LOOK);
  }
  put(changes) { Object.assign(this.state, changes); this.onChange({ ...this.state }); }

  hear(message) {
    switch (message.type) {
      case 'room': return this.room(message);
      case 'signal': return this.signal(message);
      case 'resync': return this.peer && this.peer.state !== 'connected' && this.peer.mend();
      case 'ended': return this.finish({ ended: message });
      case 'refused': return this.refused(message);
      case 'replaced': return this.finish({ refused: { slug: 'replaced' } });
      case 'expired': return this.finish({ refused: { slug: 'expired' } });
      case 'closed': return this.state.ended || this.state.refused ? undefined : this.finish({ refused: { slug: 'closed' } });
      case 'problem': return this.put({ problem: message.detail });
      default: return undefined;
    }
  }
  async refused(message) {
    // A ticket lives two hours; who is signed in simply gets another one.
    if (message.slug === 'ticket-refused' && !this.retried) {
      this.retried = true;
      try {
        this.entry = await enterSignedIn();
        this.line.stop();
        this.line = openLine(this.entry.address, this.entry.ticket, one => this.hear(one), ({ connected }) => this.put({ line: connected }));
        return;
      } catch { /* shown below */ }
    }
    this.finish({ refused: message });
  }

  async room(message) {
    const before = this.state.room;
    this.put({ room: message, peerWay: message.peer_way || this.state.peerWay });
    // Sent back to wait: nothing is shown or heard any more. A line that is away for a moment ends nothing: the
    // picture goes from browser to browser and does not need it.
    if (!message.is_admitted && (message.you === 'patient' || message.peer)) { this.hangUp(); return; }
    if (!message.may_connect) return;
    if (this.peer && this.peer.page === message.peer_page) {
      if (before?.peer !== message.peer && this.peer.state === 'lost') this.peer.mend();   // they are back on another network
      this.peer.repeat();
      return;
    }
    this.hangUp();
    await this.connect(message);
  }
  async connect(message) {
    const asked = this.asked = message.peer_page;
    const servers = await iceServers(this.entry.ticket);
    if (this.asked !== asked || this.state.ended) return;
    this.put({ call: 'connecting' });
    this.peer = new Peer({
      polite: message.polite, servers, relayOnly: this.relayOnly, stream: this.stream,
      send: body => this.line.send({ type: 'signal', to: this.state.room.peer, body: { ...JSON.parse(JSON.stringify(body)), page: PAGE } }),
      onTrack: remote => this.put({ remote }),
      onState: state => this.connection(state),
      onBody: body => body.way && this.peerChose(body),
    });
    this.peer.page = asked;
    this.early.splice(0).filter(body => body.page === asked).forEach(body => this.peer.take(body));
  }
  signal({ body }) {
    if (this.peer && this.peer.page === body.page) this.peer.take(body);
    else this.early = [...this.early.slice(-80), body];       // they were faster than the news that they may connect
  }
  /** The other side has given the picture up (or takes it up again): so do we, to leave room for the sound. */
  peerChose({ way }) {
    this.put({ peerWay: way });
    if (way === 'audio') this.setWay('audio', { tell: false, saved: 'peer' });
  }

  connection(state) {
    this.put({ call: state });
    if (state === 'lost') iceServers(this.entry.ticket).then(servers => this.peer?.setServers(servers)).catch(() => {});
    if (state !== 'connecting') this.tell(state);
  }
  tell(state) {
    const { lossPercent, roundTripMs, isRelayed } = this.look;
    this.line.send({ type: 'call', state, way: this.state.way,
      ...(lossPercent != null && roundTripMs != null && { loss_percent: lossPercent, round_trip_ms: roundTripMs, is_relayed: isRelayed }) });
  }
  async watch() {
    const { peer } = this;
    if (!peer || peer.state !== 'connected') return;
    this.look = measure(await peer.pc.getStats(), this.look);
    this.looks += 1;
    this.put({ quality: grade(this.look) });
    if (this.state.way === 'video' && this.tooBad(this.look)) await this.setWay('audio', { saved: 'line' });
    if (this.looks % TELL_EVERY === 1) this.tell('connected');
  }

  /** Send a picture or not; `saved` says why not ('line', 'peer', or '' for a wish). */
  async setWay(way, { tell = true, saved = '' } = {}) {
    const track = this.stream?.getVideoTracks()[0] ?? null;
    if (track) track.enabled = way === 'video';
    await this.peer?.replace('video', way === 'video' ? track : null);
    this.put({ way, saved: way === 'audio' ? saved : '' });
    if (tell) this.peer?.send({ way });
    if (this.state.call === 'connected') this.tell('connected');
  }
  /** Put another track in the place of the one of its kind. */
  async setTrack(track) {
    const old = this.stream.getTracks().find(one => one.kind === track.kind);
    if (old) { track.enabled = old.enabled; this.stream.removeTrack(old); old.stop(); }
    this.stream.addTrack(track);
    if (track.kind === 'audio' || this.state.way === 'video') await this.peer?.replace(track.kind, track);
    this.put({});
  }
  mute(on) { this.stream?.getAudioTracks().forEach(track => { track.enabled = !on; }); }
  admit(letIn) { this.line.send({ type: 'admit', let_in: letIn }); }
  /** The doctor ends the consultation; the server answers with `ended`, or says why not. */
  end() { this.put({ problem: '' }); this.line.send({ type: 'end', ...this.measured() }); }
  measured() { const { lossPercent: loss, roundTripMs: trip, isRelayed } = this.look; return loss == null || trip == null ? {} : { loss_percent: loss, round_trip_ms: trip, is_relayed: isRelayed }; }
  leave() { this.line.send({ type: 'leave' }); this.finish({ ended: { state: 'left' } }); }

  hangUp() {
    this.asked = null;
    if (!this.peer) return;
    this.peer.close();
    this.peer = null;
    this.put({ call: 'none', remote: null });
  }
  finish(changes) { clearInterval(this.timer); this.hangUp(); setTimeout(() => this.line.stop(), 300); this.put(changes); }
}
