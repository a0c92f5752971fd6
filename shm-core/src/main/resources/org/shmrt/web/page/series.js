// The time series of chosen pixels and of one statistic: the newest samples in buffers of a fixed size.

const CAPACITY = 1200;

export class TimeSeries {
  constructor() {
    this.key = '';
    this.labels = [];
    this.reset('', []);
  }

  /** Starts again when what is recorded changes; returns whether it did. */
  reset(key, labels) {
    if (this.key === key && this.labels.length === labels.length && this.times) return false;
    this.key = key;
    this.labels = labels;
    this.n = 0;
    this.next = 0;
    this.times = new Float64Array(CAPACITY);
    this.values = labels.map(() => new Float64Array(CAPACITY));
    this.plotTimes = new Float64Array(CAPACITY);
    this.plotValues = labels.map(() => new Float64Array(CAPACITY));
    return true;
  }

  /** Adds a sample: the time in seconds, and a function that gives the value of each label. */
  record(seconds, value) {
    const before = this.times[(this.next + CAPACITY - 1) % CAPACITY];
    if (this.n > 0 && seconds <= before) return;
    this.times[this.next] = seconds;
    for (let i = 0; i < this.values.length; i++) this.values[i][this.next] = value(i);
    this.next = (this.next + 1) % CAPACITY;
    this.n = Math.min(this.n + 1, CAPACITY);
  }

  /** Data for a plot, oldest first; times are relative to the newest sample. */
  data() {
    const start = (this.next + CAPACITY - this.n) % CAPACITY;
    const newest = this.times[(this.next + CAPACITY - 1) % CAPACITY];
    for (let i = 0; i < this.n; i++) {
      const at = (start + i) % CAPACITY;
      this.plotTimes[i] = this.times[at] - newest;
      for (let k = 0; k < this.values.length; k++) this.plotValues[k][i] = this.values[k][at];
    }
    return [this.plotTimes.subarray(0, this.n), ...this.plotValues.map((values) => values.subarray(0, this.n))];
  }
}
