package org.shmrt.telemetry;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** The event for frames that were overwritten before they were read. */
@Name("org.shmrt.LostFrames")
@Label("Lost Frames")
@Category("ShmRT")
@Description("Frames were overwritten before they were read")
@StackTrace(false)
@SuppressWarnings("UnusedVariable") // Flight Recorder reads the fields
final class LostFrames extends Event {
    @Label("Meter")
    private String meter;

    @Label("Stream")
    private String stream;

    @Label("Count")
    @Description("Count of the frame after the lost ones")
    private long count;

    @Label("Lost")
    @Description("Number of lost frames")
    private long lost;

    static void emit(String meter, String stream, long count, long lost) {
        LostFrames event = new LostFrames();
        if (event.shouldCommit()) {
            event.meter = meter;
            event.stream = stream;
            event.count = count;
            event.lost = lost;
            event.commit();
        }
    }
}
