package org.shmrt.cli.stream;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.shmrt.stream.format.ProcessTrace;
import org.shmrt.stream.inspect.SemaphoreState;
import org.shmrt.stream.inspect.StreamInfo;

/** What {@code info} tells of streams that have more than counters and frames: milk's, above all. */
final class StreamExtras {
    private StreamExtras() {}

    /** Adds the keys, all of them in every stream; null where a format does not tell. */
    static void addTo(Map<String, Object> json, StreamInfo info) {
        json.put("sem_reader_pids", pids(info, SemaphoreState::readerPid));
        json.put("sem_writer_pids", pids(info, SemaphoreState::writerPid));
        json.put("written_ns", info.layout().written().exists() ? info.status().writtenNs() : null);
        json.put("circular", info.layout().circular() == null ? null : circular(info));
        json.put("cube", info.layout().cube() == null ? null : cube(info));
        json.put("traces", info.traces().stream().map(StreamExtras::json).toList());
        json.put(
                "location",
                info.layout().unreadableReason() == null
                        ? "file"
                        : info.layout().unreadableReason());
    }

    private static List<Integer> pids(StreamInfo info, ToIntFunction<SemaphoreState> pid) {
        return info.semaphores().stream()
                .map(state -> state == null || pid.applyAsInt(state) == 0 ? null : (Integer) pid.applyAsInt(state))
                .toList();
    }

    private static Map<String, Object> circular(StreamInfo info) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("size", info.layout().circular().size());
        json.put("newest_slot", info.status().circularSlot());
        return json;
    }

    private static Map<String, Object> cube(StreamInfo info) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("slices", info.layout().cube().slices());
        json.put("newest_slice", newestSlice(info));
        return json;
    }

    /** As readers take it: what is in cnt1 may be anything, for pyMilk counts with it. */
    private static long newestSlice(StreamInfo info) {
        return Long.remainderUnsigned(info.status().cnt1(), info.layout().cube().slices());
    }

    private static Map<String, Object> json(ProcessTrace trace) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("pid", trace.pid());
        json.put("started_ns", trace.startedNs());
        json.put("updated_ns", trace.updatedNs());
        json.put("trigger_mode", trace.triggerMode());
        json.put("trigger_status", trace.triggerStatus());
        json.put("trigger_inode", trace.triggerInode());
        json.put("trigger_cnt0", trace.triggerCount());
        json.put("semaphore", trace.semaphore());
        return json;
    }

    /** Names and values of the lines, for streams that have something of it. */
    static Map<String, List<String>> text(StreamInfo info) {
        Map<String, List<String>> lines = new LinkedHashMap<>();
        if (info.status().writtenNs() != 0) {
            lines.put("written", List.of(StreamReport.time(info.status().writtenNs())));
        }
        if (info.layout().circular() != null) {
            lines.put(
                    "circular",
                    List.of("buffer of " + info.layout().circular().size() + " frames, newest in slot "
                            + info.status().circularSlot()));
        }
        if (info.layout().cube() != null) {
            lines.put(
                    "cube",
                    List.of("rolling, of " + info.layout().cube().slices() + " slices, newest is slice "
                            + newestSlice(info)));
        }
        lines.put("reserved", reservations(info));
        lines.put(
                "trace",
                info.traces().stream()
                        .map(trace -> "process " + trace.pid() + ", woken by frame "
                                + trace.triggerCount() + " of inode " + trace.triggerInode()
                                + (trace.semaphore() < 0 ? "" : " on semaphore " + trace.semaphore()))
                        .toList());
        return lines;
    }

    private static List<String> reservations(StreamInfo info) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < info.semaphores().size(); i++) {
            SemaphoreState state = info.semaphores().get(i);
            if (state != null && state.readerPid() != 0) {
                lines.add("semaphore " + i + " by process " + state.readerPid());
            }
        }
        return lines;
    }
}
