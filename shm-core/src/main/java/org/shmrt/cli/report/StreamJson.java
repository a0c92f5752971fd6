package org.shmrt.cli.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.shmrt.cli.verb.Json;
import org.shmrt.stream.format.ProcessTrace;
import org.shmrt.stream.format.StreamLayout;
import org.shmrt.stream.inspect.NetworkReplica;
import org.shmrt.stream.inspect.PacketStatus;
import org.shmrt.stream.inspect.SemaphoreState;
import org.shmrt.stream.inspect.StreamDirectory;
import org.shmrt.stream.inspect.StreamInfo;
import org.shmrt.stream.keyword.Keyword;
import org.shmrt.text.FileNames;

/**
 * The metadata of a stream as JSON values. The keys are documented and do not change. Every stream has all of them; a
 * value is null if the format does not store it.
 */
public final class StreamJson {
    private StreamJson() {}

    /** All keys of {@code info --json}, and of an entry of {@code list --json}. */
    public static Map<String, Object> of(StreamInfo info) {
        StreamLayout layout = info.layout();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", StreamDirectory.name(info.path()));
        json.put("stored_name", layout.storedName());
        json.put("path", FileNames.text(info.path()));
        json.put("kind", layout.format());
        json.put("variant", layout.variant());
        json.put("dtype", layout.type().numpyName());
        json.put("shape", layout.shape().lengths());
        json.put("axes", layout.axes());
        json.put("depth", layout.depth());
        json.put("cnt0", Json.unsigned(info.status().cnt0()));
        json.put("cnt1", Json.unsigned(info.status().cnt1()));
        json.put("cnt2", Json.unsigned(info.status().cnt2()));
        json.put("write", info.status().writing() ? 1 : 0);
        json.put("last_written", info.status().newestSlot());
        json.put("bytes", layout.fileBytes());
        json.put("semaphores", info.semaphores().size());
        json.put("sem_values", semaphores(info, SemaphoreState::value));
        json.put("sem_waiters", semaphores(info, SemaphoreState::waiters));
        json.put("keywords", info.keywords().stream().map(StreamJson::of).toList());
        json.put("packets", info.packets() == null ? null : of(info.packets()));
        json.put("created", info.status().createdNs() / 1e9);
        json.put("acquired_ns", info.status().acquiredNs());
        json.put("age_s", finite(info.ageSeconds()));
        json.put("creator_pid", pid(info.status().creatorPid()));
        json.put("writer_pid", pid(info.writerPid()));
        json.put("link", info.target().equals(info.path()) ? null : FileNames.text(info.target()));
        json.put("sem_reader_pids", semaphores(info, state -> pid(state.readerPid())));
        json.put("sem_claimed", semaphores(info, SemaphoreState::claimed));
        json.put("sem_writer_pids", semaphores(info, state -> pid(state.writerPid())));
        json.put("written_ns", layout.written().exists() ? info.status().writtenNs() : null);
        json.put("circular", layout.circular() == null ? null : circular(info));
        json.put("cube", layout.cube() == null ? null : cube(info));
        json.put("replica", info.replica().map(StreamJson::of).orElse(null));
        json.put("traces", info.traces().stream().map(StreamJson::of).toList());
        json.put("location", Objects.requireNonNullElse(layout.unreadableReason(), "file"));
        json.put("findings", info.warnings());
        return json;
    }

    /** The keys of a keyword. */
    public static Map<String, Object> of(Keyword keyword) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", keyword.name());
        json.put("type", String.valueOf(keyword.type().code()));
        json.put("value", keyword.value() instanceof Double d ? finite(d) : keyword.value());
        json.put("comment", keyword.comment());
        return json;
    }

    private static Map<String, Object> of(PacketStatus packets) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("frame_number", Json.unsigned(packets.frameNumber()));
        json.put("total", packets.total());
        json.put("last", packets.lastPacket());
        json.put("missing", packets.missing());
        json.put("out_of_order", packets.outOfOrder());
        return json;
    }

    private static Map<String, Object> of(NetworkReplica replica) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("owner", replica.owner());
        json.put("connected", replica.connected());
        json.put("source_cnt0", Json.unsigned(replica.sourceCount()));
        json.put("source_time_ns", replica.sourceTimeNs());
        json.put("age_us", replica.ageUs());
        json.put("dropped", replica.dropped());
        return json;
    }

    private static Map<String, Object> of(ProcessTrace trace) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("pid", trace.pid());
        json.put("started_ns", trace.startedNs());
        json.put("updated_ns", trace.updatedNs());
        json.put("trigger_mode", trace.triggerMode());
        json.put("trigger_status", trace.triggerStatus());
        json.put("trigger_inode", trace.triggerInode());
        json.put("trigger_cnt0", Json.unsigned(trace.triggerCount()));
        json.put("semaphore", trace.semaphore());
        return json;
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

    /** The slice that readers use. pyMilk counts with cnt1, so that cnt1 itself can have any value. */
    static long newestSlice(StreamInfo info) {
        return Long.remainderUnsigned(info.status().cnt1(), info.layout().cube().slices());
    }

    /** A value for each semaphore; null for one that is missing. */
    private static List<Object> semaphores(StreamInfo info, Function<SemaphoreState, Object> value) {
        return info.semaphores().stream()
                .map(state -> state == null ? null : value.apply(state))
                .toList();
    }

    /** Formats store 0 for an unknown process. */
    private static Long pid(long stored) {
        return stored == 0 ? null : (Long) stored;
    }

    /** JSON has no NaN and no infinity. */
    private static Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }
}
