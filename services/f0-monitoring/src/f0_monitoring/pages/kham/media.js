// Camera and microphone: asked for, explained when refused, switched, given back.
const SOUND = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
const PICTURE = { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 24, max: 30 } };
const FAULTS = { NotAllowedError: 'denied', SecurityError: 'denied', NotFoundError: 'missing', OverconstrainedError: 'missing', NotReadableError: 'busy', AbortError: 'busy' };
const faultOf = fault => FAULTS[fault?.name] ?? 'unknown';
const take = constraints => (navigator.mediaDevices?.getUserMedia ? navigator.mediaDevices.getUserMedia(constraints) : Promise.reject(new DOMException('', 'NotFoundError')));

/**
 * Ask for sound and picture; without a camera sound alone is enough. Answers `{stream, fault, withoutPicture}`:
 * `fault` (denied, missing, busy, unknown) means that not even sound could be had.
 */
export async function openMedia({ picture = true, camera, microphone } = {}) {
  const audio = { ...SOUND, ...(microphone && { deviceId: { exact: microphone } }) };
  const video = { ...PICTURE, ...(camera ? { deviceId: { exact: camera } } : { facingMode: 'user' }) };
  try {
    return { stream: await take({ audio, video: picture ? video : false }), fault: null, withoutPicture: picture ? null : 'chosen' };
  } catch (first) {
    if (!picture) return { stream: null, fault: faultOf(first), withoutPicture: null };
    try { return { stream: await take({ audio, video: false }), fault: null, withoutPicture: faultOf(first) }; }
    catch (second) { return { stream: null, fault: faultOf(second), withoutPicture: null }; }
  }
}

/** A single track of another device: `openTrack('video', {camera})`, or the camera that looks the other way. */
export async function openTrack(kind, { device, facing } = {}) {
  const which = device ? { deviceId: { exact: device } } : facing ? { facingMode: facing } : {};
  const stream = await take(kind === 'audio' ? { audio: { ...SOUND, ...which } } : { video: { ...PICTURE, ...which } });
  return stream.getTracks()[0];
}

/** `{audioinput: [...], videoinput: [...]}`; names are known once permission was given. */
export async function devices() {
  const found = await navigator.mediaDevices?.enumerateDevices?.().catch(() => []) ?? [];
  return Object.fromEntries(['audioinput', 'videoinput'].map(kind => [kind, found.filter(one => one.kind === kind && one.deviceId)]));
}
export const stop = stream => stream?.getTracks().forEach(track => track.stop());
