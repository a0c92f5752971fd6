package org.shmrt.demo;

/** The stages between camera and mirror whose latency is measured. */
enum LatencyStage {
    /** From the acquisition of a frame until the step of the loop starts. */
    CAMERA_TO_LOOP("camera_to_loop", "camera -> loop"),
    /** The whole step of the loop, as its page in shared memory has it. */
    LOOP("loop", "loop computes"),
    /** From the publication of a command until the mirror has a checked copy. */
    LOOP_TO_MIRROR("loop_to_mirror", "loop -> mirror"),
    /** From when the frame was due until the mirror has its commands. */
    END_TO_END("end_to_end", "end to end");

    /** Name in reports and JSON. */
    final String key;
    /** Name in the table. */
    final String label;

    LatencyStage(String key, String label) {
        this.key = key;
        this.label = label;
    }
}
