package org.shmrt.cli.report;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.shmrt.stream.format.ProcessTrace;
import org.shmrt.stream.format.StreamLayout;
import org.shmrt.stream.inspect.NetworkReplica;
import org.shmrt.stream.inspect.PacketStatus;
import org.shmrt.stream.inspect.SemaphoreState;
import org.shmrt.stream.inspect.StreamInfo;
import org.shmrt.stream.inspect.StreamStatus;
import org.shmrt.stream.keyword.Keyword;
import org.shmrt.text.FileNames;
import org.shmrt.text.Printable;

/** The metadata of a stream as lines of text: a label and a value. */
public final class StreamText {
    /** The label of lines that report something unusual. */
    public static final String WARNING = "warning";

    private final StreamInfo info;
    private final StreamLayout layout;
    private final StreamStatus status;
    private final List<String> lines = new ArrayList<>();

    private StreamText(StreamInfo info) {
        this.info = info;
        this.layout = info.layout();
        this.status = info.status();
    }

    /** The lines of {@code info}. */
    public static List<String> of(StreamInfo info) {
        StreamText text = new StreamText(info);
        text.addStream();
        text.addFrames();
        text.addSemaphores();
        text.addTraces();
        text.addKeywords();
        info.warnings().forEach(warning -> text.add(WARNING, warning));
        return text.lines;
    }

    private void addStream() {
        add(
                "path",
                FileNames.text(info.path())
                        + (info.target().equals(info.path()) ? "" : " -> " + FileNames.text(info.target())));
        add(
                "kind",
                layout.format() + ", " + layout.variant() + " layout"
                        + (layout.depth() > 1 ? ", " + layout.depth() + " slots" : ""));
        add(
                "image",
                layout.shape() + " " + layout.type() + ", " + layout.frameBytes() + " bytes per frame, "
                        + layout.fileBytes() + " in total");
        add("axes", "stored as " + layout.axes());
    }

    private void addFrames() {
        add(
                "frames",
                "cnt0 " + Long.toUnsignedString(status.cnt0()) + ", cnt1 " + Long.toUnsignedString(status.cnt1())
                        + ", cnt2 " + Long.toUnsignedString(status.cnt2())
                        + (layout.depth() > 1 ? ", newest in slot " + status.newestSlot() : ""));
        add("acquired", status.acquiredNs() == 0 ? "never" : time(status.acquiredNs()) + age());
        add(
                "created",
                time(status.createdNs()) + (status.creatorPid() == 0 ? "" : " by process " + status.creatorPid()));
        add(
                "writer",
                (info.writerPid() == 0 ? "none known" : "process " + info.writerPid())
                        + (status.writing() ? ", a frame is being written" : "")
                        + (status.strict() ? "; counts a frame before it clears the write flag" : ""));
        if (info.packets() != null) {
            add("packets", packets(info.packets()));
        }
        if (status.writtenNs() != 0) {
            add("written", time(status.writtenNs()));
        }
        info.replica().ifPresent(replica -> add("replica", replica(replica)));
        if (layout.circular() != null) {
            add(
                    "circular",
                    "buffer of " + layout.circular().size() + " frames, newest in slot " + status.circularSlot());
        }
        if (layout.cube() != null) {
            add(
                    "cube",
                    "rolling, " + layout.cube().slices() + " slices, newest is slice " + StreamJson.newestSlice(info));
        }
    }

    private static String replica(NetworkReplica replica) {
        return "of " + replica.owner() + ", " + (replica.connected() ? "connected" : "not connected")
                + (replica.sourceCount() == 0
                        ? ""
                        : "; source frame " + Long.toUnsignedString(replica.sourceCount()) + ", written "
                                + time(replica.sourceTimeNs()) + ", " + replica.ageUs() + " us old on arrival")
                + "; " + replica.dropped() + " frames dropped";
    }

    private String age() {
        return Double.isNaN(info.ageSeconds()) ? "" : " (" + Age.text(info.ageSeconds()) + " ago)";
    }

    private static String packets(PacketStatus packets) {
        return "frame number " + Long.toUnsignedString(packets.frameNumber()) + " in " + packets.total()
                + " packets, last packet "
                + packets.lastPacket() + (packets.isComplete() ? ", none missing" : ", missing " + packets.missing())
                + (packets.outOfOrder() ? ", out of order" : "");
    }

    private void addSemaphores() {
        StringBuilder values = new StringBuilder();
        int waiters = 0;
        for (SemaphoreState state : info.semaphores()) {
            values.append(' ').append(state == null ? "-" : state.value());
            waiters += state == null ? 0 : state.waiters();
        }
        add("semaphores", values.isEmpty() ? "none" : "values" + values + "; " + waiters + " waiting");
        for (int i = 0; i < info.semaphores().size(); i++) {
            SemaphoreState state = info.semaphores().get(i);
            if (state != null && (state.claimed() || state.readerPid() != 0)) {
                add(
                        "reserved",
                        "semaphore " + i + " by "
                                + (state.readerPid() != 0 ? "process " + state.readerPid() : "an unknown process"));
            }
        }
    }

    private void addTraces() {
        for (ProcessTrace trace : info.traces()) {
            add(
                    "trace",
                    "process " + trace.pid() + ", woken by frame " + Long.toUnsignedString(trace.triggerCount())
                            + " of inode "
                            + trace.triggerInode()
                            + (trace.semaphore() < 0 ? "" : " on semaphore " + trace.semaphore()));
        }
    }

    private void addKeywords() {
        for (Keyword keyword : info.keywords()) {
            add(
                    "keyword",
                    keyword.name() + " = " + keyword.value()
                            + (keyword.comment().isEmpty() ? "" : "  / " + keyword.comment()));
        }
    }

    private void add(String label, String value) {
        lines.add(Printable.of(String.format(Locale.ROOT, "%-11s %s", label, value)));
    }

    private static String time(long ns) {
        return Instant.ofEpochSecond(Math.floorDiv(ns, 1_000_000_000L), Math.floorMod(ns, 1_000_000_000L))
                .toString();
    }
}
