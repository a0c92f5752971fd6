package org.shmrt.doctor;

/** How much a finding matters, most severe first. */
public enum Severity {
    /** Something does not work. */
    ERROR,
    /** Frames or deadlines will be lost, or a program will use an object wrongly. */
    WARNING,
    /** A setting or fact that a real-time engineer should know. */
    INFO,
    /** Checked, and as it should be. */
    OK,
    /** Could not be checked. */
    UNKNOWN;

    /** Whether it is a problem that the exit status reports. */
    public boolean isProblem() {
        return this == ERROR || this == WARNING;
    }

    /** Whether it is shown only if all checks are shown. */
    public boolean isQuiet() {
        return this == OK || this == UNKNOWN;
    }
}
