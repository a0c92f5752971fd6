package org.shmrt.stream;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.shmrt.fuzz.FuzzCheck;
import org.shmrt.fuzz.FuzzMemory;
import org.shmrt.fuzz.FuzzTarget;
import org.shmrt.fuzz.Seeds;
import org.shmrt.posix.MappedFile;
import org.shmrt.posix.Semaphore;
import org.shmrt.stream.engine.MappedStream;
import org.shmrt.stream.engine.ProcessTraces;
import org.shmrt.stream.engine.StreamFormats;
import org.shmrt.stream.format.ProcessTrace;
import org.shmrt.stream.format.SemaphoreLayout;
import org.shmrt.stream.format.StreamFormat;
import org.shmrt.stream.format.StreamLayout;
import org.shmrt.stream.inspect.NetworkReplica;
import org.shmrt.stream.inspect.PacketStatus;
import org.shmrt.stream.inspect.SemaphoreState;
import org.shmrt.stream.inspect.StreamInfo;
import org.shmrt.stream.inspect.StreamStatus;
import org.shmrt.stream.inspect.StreamSummary;
import org.shmrt.stream.keyword.Keyword;
import org.shmrt.stream.keyword.table.SharedKeywordTable;
import org.shmrt.testing.OlderMilkFile;

/** A stream file of any format is detected, described and read, and once more after its bytes have changed. */
final class FuzzStream implements FuzzTarget {
    static final Path PATH = Path.of("/dev/shm/shmrt-fuzz/none.im.shm");
    private static final int MOST_INPUT_BYTES = 9000;

    /** The headers of DAO's layout version 2 are larger than whole files of the others. */
    private static final String VERSION_2 = "dao-v2-synthetic";

    private static final int MOST_BYTES_OF_VERSION_2 = 34_000;

    /** Words of that layout that the parser examines. */
    private static final int[] FIELDS_OF_VERSION_2 = {4, 144, 264, 268, 280, 288, 332, 362, 16576, 16580, 16584};

    private static final int MOST_SLOTS = 8;

    private final String folder;
    private final FuzzMemory memory = new FuzzMemory(1 << 16);

    /** Uses the files of a format as seeds. */
    FuzzStream(String folder) {
        this.folder = folder;
    }

    @Override
    public List<byte[]> seeds() {
        return seeds(folder);
    }

    static List<byte[]> seeds(String folder) {
        if (folder.equals(VERSION_2)) {
            return seedsOfVersion2();
        }
        List<byte[]> seeds = new ArrayList<>(Seeds.files("/golden/" + folder, "", MOST_INPUT_BYTES));
        seeds.addAll(Seeds.files("/golden/corrupt", folder + "_", MOST_INPUT_BYTES));
        if (folder.equals("milk")) {
            for (byte[] file : Seeds.files("/golden/milk", "c_2d", MOST_INPUT_BYTES)) {
                byte[] newer = file.clone();
                newer[3] = '1'; // the version text of ImageStreamIO 2.01
                seeds.add(newer);
            }
            for (OlderMilkFile older : OlderMilkFile.values()) {
                seeds.add(older.bytes());
            }
        }
        return seeds;
    }

    /** The files, and one of them with each of its important words damaged. */
    private static List<byte[]> seedsOfVersion2() {
        List<byte[]> seeds = new ArrayList<>(Seeds.files("/golden/" + VERSION_2, "v2_", MOST_BYTES_OF_VERSION_2));
        for (int field : FIELDS_OF_VERSION_2) {
            byte[] damaged = seeds.getFirst().clone();
            damaged[field] ^= 1;
            seeds.add(damaged);
        }
        return seeds;
    }

    static int mostInputBytes(String folder) {
        return folder.equals(VERSION_2) ? MOST_BYTES_OF_VERSION_2 : MOST_INPUT_BYTES;
    }

    @Override
    public int mostInputBytes() {
        return mostInputBytes(folder);
    }

    @Override
    public long mostBytes(int inputBytes) {
        return 64L * inputBytes + (512 << 10);
    }

    @Override
    public void use(byte[] input) {
        MemorySegment bytes = memory.holding(input);
        MemorySegment file = bytes.asReadOnly();
        for (StreamFormat format : StreamFormats.all()) {
            FuzzCheck.tolerate(() -> format.planRepair(PATH, file));
        }
        StreamLayout layout = StreamFormats.detect(PATH, file);
        MappedFile region = FuzzMemory.region(file);
        read(layout, region);
        FuzzMemory.scramble(bytes);
        read(layout, region);
    }

    private static void read(StreamLayout layout, MappedFile region) {
        describe(layout, region);
        if (layout.unreadableReason() != null) {
            return;
        }
        ImageStream stream = new ImageStream(new MappedStream(PATH, layout, null, region, null), Access.READ_ONLY);
        readFrames(stream);
        FrameHistory history = stream.history();
        long historyBytes = history.frameBytes() * Math.min(4, history.capacity());
        history.read(MemorySegment.ofArray(new byte[Math.toIntExact(historyBytes)]), 0);
        for (int i = 0; i < history.length(); i++) {
            history.count(i);
            history.acquiredNs(i);
        }
        stream.newestPackets();
        stream.packetsInProgress();
        boolean ignored = stream.keywordTable().find("exptime").isPresent();
        stream.creationWarning();
    }

    private static void describe(StreamLayout layout, MappedFile region) {
        MemorySegment file = region.segment();
        StreamStatus status = StreamStatus.of(file, layout);
        List<Keyword> keywords = SharedKeywordTable.read(file, layout.keywords());
        List<SemaphoreState> semaphores = new ArrayList<>();
        SemaphoreLayout table = layout.semaphores();
        for (int i = 0; table.isInFile() && i < table.count(); i++) {
            semaphores.add(new SemaphoreState(
                    file.get(ValueLayout.JAVA_INT, table.offset() + (long) i * Semaphore.BYTES),
                    file.get(ValueLayout.JAVA_INT, table.offset() + (long) i * Semaphore.BYTES + 4),
                    true,
                    Math.max(0, file.get(ValueLayout.JAVA_INT, table.readerPidOffset() + 4L * i)),
                    Math.max(0, file.get(ValueLayout.JAVA_INT, table.writerPidOffset() + 4L * i)),
                    false));
        }
        List<ProcessTrace> traces = ProcessTraces.read(file, layout.traces());
        PacketStatus packets =
                PacketStatus.of(file, layout, status.newestSlot()).orElse(null);
        long inode = region.id().inode();
        StreamInfo info =
                new StreamInfo(PATH, PATH, layout, status, keywords, semaphores, traces, packets, inode, 0, Map.of());
        info.warnings();
        info.ageSeconds();
        Optional<NetworkReplica> replica = NetworkReplica.read(file, layout);
        replica.ifPresent(NetworkReplica::text);
        new StreamSummary(PATH, PATH, layout, status, List.of(), inode, 0, replica).warnings();
    }

    static void readFrames(ImageStream stream) {
        int frameBytes = Math.toIntExact(stream.layout().frameBytes());
        MemorySegment target = MemorySegment.ofArray(new byte[frameBytes]);
        try (FrameReader reader = stream.reader(WaitStrategy.spin())) {
            reader.readNewest(target, 0);
            reader.read(target, 0);
            for (int slot = 0; slot < Math.min(MOST_SLOTS, stream.layout().depth()); slot++) {
                if (reader.takeSlot(slot) == Verdict.FRESH) {
                    reader.copyTo(target);
                    reader.validate();
                    reader.isStrict();
                    reader.acquiredNs();
                    reader.frameId();
                }
            }
            reader.skipToNewest();
            reader.awaitNewest(0);
        }
    }
}
