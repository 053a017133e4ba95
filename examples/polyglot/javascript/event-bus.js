// Event bus: subscribe to dotted topics with wildcards, replay what was missed.
//   *  one segment          #  the rest of the topic (last segment only)

const matchSegments = ([head, ...restOfPattern], topic) => {
  if (head === '#') return restOfPattern.length === 0;
  if (head === undefined) return topic.length === 0;
  if (topic.length === 0) return false;
  return (head === '*' || head === topic[0]) && matchSegments(restOfPattern, topic.slice(1));
};

export const matches = (pattern, topic) => matchSegments(pattern.split('.'), topic.split('.'));

/**
 * @param {{ retain?: number, onError?: (error: unknown, event: object) => void }} [options]
 */
export function createEventBus({ retain = 100, onError = console.error } = {}) {
  const subscribers = new Set();
  let history = [];
  let sequence = 0;

  const notify = (listener, event) => {
    try {
      listener(event);
    } catch (error) {
      onError(error, event);
    }
  };

  const on = (pattern, listener, { replay = 0 } = {}) => {
    if (replay > 0) {
      history
        .filter(({ topic }) => matches(pattern, topic))
        .slice(-replay)
        .forEach((event) => notify(listener, event));
    }
    const entry = { pattern, listener };
    subscribers.add(entry);
    return () => subscribers.delete(entry);
  };

  return {
    on,

    once(pattern) {
      return new Promise((resolve) => {
        const off = on(pattern, (event) => {
          off();
          resolve(event);
        });
      });
    },

    emit(topic, payload) {
      const event = Object.freeze({ sequence: ++sequence, topic, payload });
      history = [...history, event].slice(-retain);
      for (const { pattern, listener } of [...subscribers]) {
        if (matches(pattern, topic)) notify(listener, event);
      }
      return event;
    },

    get size() {
      return subscribers.size;
    },
  };
}

export async function demo(print = console.log) {
  const bus = createEventBus({ retain: 5, onError: (error) => print(`listener failed: ${error.message}`) });
  const firstFault = bus.once('harbor.crane.*.fault');

  const stopArrivals = bus.on('harbor.berth.*.arrived', ({ payload }) => print(`pilot log: ${payload}`));
  bus.emit('harbor.berth.3.arrived', 'MV Petrel');
  bus.emit('harbor.berth.7.departed', 'SS Gannet');
  stopArrivals();

  bus.on('harbor.#', ({ sequence, payload }) => print(`tower #${sequence}: ${payload}`), { replay: 2 });
  bus.on('harbor.crane.#', () => {
    throw new Error('siren is unplugged');
  });
  bus.emit('harbor.crane.2.fault', 'hoist brake');
  print(`dispatching a fitter for: ${(await firstFault).payload}`);
}
