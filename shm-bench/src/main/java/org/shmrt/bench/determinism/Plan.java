package org.shmrt.bench.determinism;

import java.util.Set;

/**
 * What is measured.
 *
 * @param parts the parts to run
 * @param pairs how often each part runs all its programs alternately
 * @param seconds duration of a run
 * @param starts JVMs that are started for the large product
 * @param loopCore core of the loops
 * @param otherCore core of the camera and of all other threads of a JVM
 */
record Plan(Set<Part> parts, int pairs, double seconds, int starts, int loopCore, int otherCore) {
    /** Real-time priorities of the loop and of the camera. */
    static final int LOOP_PRIORITY = 80;

    static final int CAMERA_PRIORITY = 70;

    /** Parts of the benchmark. */
    enum Part {
        SLEEPING,
        SPINNING,
        STEP,
        PREFETCH,
        PRODUCT
    }

    int count(long periodNs) {
        return (int) Math.max(20, seconds * 1e9 / periodNs);
    }

    /** Seconds on scratch streams before a step is armed. */
    double warmUpSeconds() {
        return Math.clamp(seconds, 2, 10);
    }
}
