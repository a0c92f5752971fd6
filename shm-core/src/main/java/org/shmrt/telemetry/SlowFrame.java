package org.shmrt.telemetry;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** The event for a frame that is older than the threshold of its meter. */
@Name("org.shmrt.SlowFrame")
@Label("Slow Frame")
@Category("ShmRT")
@Description("A frame was older than the threshold of its meter when it was published or read")
@StackTrace(false)
@SuppressWarnings("UnusedVariable") // Flight Recorder reads the fields
final class SlowFrame extends Event {
    @Label("Meter")
    private String meter;

    @Label("Stream")
    private String stream;

    @Label("Count")
    private long count;

    @Label("Age")
    @Timespan(Timespan.NANOSECONDS)
    private long age;

    static void emit(String meter, String stream, long count, long ageNs) {
        SlowFrame event = new SlowFrame();
        if (event.shouldCommit()) {
            event.meter = meter;
            event.stream = stream;
            event.count = count;
            event.age = ageNs;
            event.commit();
        }
    }
}
