package org.shmrt.demo;

/** The stretches of the way from camera to mirror that are timed. */
enum Hop {
    /** From a frame's acquisition to when the loop has it, checked. */
    CAMERA_TO_LOOP("camera_to_loop", "camera -> loop"),
    /** The loop's own work, from frame to commands. */
    LOOP("loop", "loop computes"),
    /** From finished commands to when the mirror has them, checked. */
    LOOP_TO_MIRROR("loop_to_mirror", "loop -> mirror"),
    /** From when the frame was due to when the mirror has its commands. */
    END_TO_END("end_to_end", "end to end");

    /** Its name in reports and JSON. */
    final String key;
    /** Its name for people. */
    final String label;

    Hop(String key, String label) {
        this.key = key;
        this.label = label;
    }
}
