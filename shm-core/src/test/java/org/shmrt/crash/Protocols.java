package org.shmrt.crash;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.shmrt.crash.CreatorProtocol.Kind;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.PacketWriter;
import org.shmrt.stream.format.StreamSpec;

/** All of them, for the process of the test and for its victims. */
final class Protocols {
    private static final Shape SHAPE = Shape.of(8, 8);
    static final StreamSpec DAO = StreamSpec.dao(DataType.UINT8, SHAPE);
    static final StreamSpec MILK = StreamSpec.milk(DataType.UINT8, SHAPE);

    /** Takes long enough to copy to be killed in the middle of it. */
    static final Protocol LARGE =
            new WriterProtocol("dao-large", StreamSpec.dao(DataType.UINT8, Shape.of(4096, 4096)), Protocols::write);

    private Protocols() {}

    static Protocol named(String name) {
        return all().stream()
                .filter(protocol -> protocol.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Those whose steps are found by the debugger. */
    static List<Protocol> stepped() {
        List<Protocol> all = new ArrayList<>(writers());
        all.addAll(creators());
        all.addAll(readers());
        all.addAll(keywords());
        all.addAll(loaders());
        return all;
    }

    private static List<Protocol> all() {
        List<Protocol> all = new ArrayList<>(stepped());
        all.addAll(sleepers());
        all.add(LARGE);
        return all;
    }

    static List<Protocol> creators() {
        StreamSpec full = MILK.withCircularBuffer(2).withKeywords(2);
        return List.of(
                new CreatorProtocol("dao-create", Kind.CREATE, null, DAO.withKeywords(2)),
                new CreatorProtocol("milk-create", Kind.CREATE, null, full),
                new CreatorProtocol("dao-replace", Kind.REPLACE, DAO, DAO.withDepth(2)),
                new CreatorProtocol("milk-replace", Kind.REPLACE, MILK, full),
                new CreatorProtocol("dao-replace-milk", Kind.REPLACE, MILK, DAO),
                new CreatorProtocol("milk-replace-dao", Kind.REPLACE, DAO, MILK),
                new CreatorProtocol("dao-convert", Kind.CONVERT, MILK, DAO),
                new CreatorProtocol("dao-remove", Kind.REMOVE, DAO, null),
                new CreatorProtocol("milk-remove", Kind.REMOVE, MILK, null));
    }

    static List<Protocol> keywords() {
        return List.of(new KeywordProtocol("dao-keywords", DAO), new KeywordProtocol("milk-keywords", MILK));
    }

    /** Readers that sleep until they are killed. */
    static List<Protocol> sleepers() {
        return List.of(
                new ReservationProtocol("dao-asleep", DAO, 60_000_000_000L),
                new ReservationProtocol("milk-asleep", MILK, 60_000_000_000L));
    }

    static List<Protocol> loaders() {
        return List.of(
                new LoaderProtocol("dao-load-new", "dao", LoaderProtocol.Kind.NEW),
                new LoaderProtocol("milk-load-new", "milk", LoaderProtocol.Kind.NEW),
                new LoaderProtocol("load-update", "dao", LoaderProtocol.Kind.UPDATE),
                new LoaderProtocol("load-other-shape", "dao", LoaderProtocol.Kind.OTHER_SHAPE),
                new LoaderProtocol("load-reset", "dao", LoaderProtocol.Kind.RESET),
                new LoaderProtocol("load-keep", "dao", LoaderProtocol.Kind.KEEP),
                new LinkProtocol());
    }

    static List<Protocol> readers() {
        return List.of(
                new ReservationProtocol("dao-reserve", DAO, 500_000_000L),
                new ReservationProtocol("milk-reserve", MILK, 500_000_000L));
    }

    static List<Protocol> writers() {
        StreamSpec ring = DAO.withDepth(3);
        StreamSpec records = MILK.withVariant("2.00-writehistory").withCircularBuffer(3);
        StreamSpec cube = StreamSpec.milk(DataType.UINT8, Shape.of(3, 4, 4)).asRollingCube();
        return List.of(
                new WriterProtocol("dao-write", DAO, Protocols::write),
                new WriterProtocol("dao-ring-write", ring, Protocols::write),
                new WriterProtocol("milk-write", MILK, Protocols::write),
                new WriterProtocol("milk-records-write", records, Protocols::write),
                new WriterProtocol("milk-slice", cube, Protocols::write),
                new WriterProtocol("dao-in-place", DAO, Protocols::inPlace),
                new WriterProtocol("dao-ring-in-place", ring, Protocols::inPlace),
                new WriterProtocol("milk-in-place", MILK, Protocols::inPlace),
                new WriterProtocol("dao-abort", DAO, Protocols::abort),
                new WriterProtocol("dao-ring-abort", ring, Protocols::abort),
                new WriterProtocol("dao-packets", DAO, Protocols::packets),
                new WriterProtocol("milk-packets", MILK.withVariant("2.00-dao-compat"), Protocols::packets),
                new WriterProtocol("dao-ring-quiet", ring, Protocols::quiet));
    }

    private static void write(FrameWriter writer, Ramp ramp, long count) {
        ramp.write(writer, count);
    }

    private static void inPlace(FrameWriter writer, Ramp ramp, long count) {
        fillInHalves(writer.claim(), ramp.of(count));
        writer.frameId(count);
        writer.publish();
    }

    private static void fillInHalves(MemorySegment claimed, MemorySegment frame) {
        long half = frame.byteSize() / 2;
        MemorySegment.copy(frame, 0, claimed, 0, half);
        MemorySegment.copy(frame, half, claimed, half, half);
    }

    private static void abort(FrameWriter writer, Ramp ramp, long count) {
        fillInHalves(writer.claim(), ramp.of(count + 77));
        writer.abort();
        inPlace(writer, ramp, count);
    }

    private static void packets(FrameWriter writer, Ramp ramp, long count) {
        PacketWriter packets = writer.packets();
        MemorySegment frame = ramp.of(count);
        long half = frame.byteSize() / 2;
        packets.begin(count, 2);
        packets.write(1, half, frame.asSlice(half));
        packets.write(0, 0, frame.asSlice(0, half));
        packets.finish();
    }

    private static void quiet(FrameWriter writer, Ramp ramp, long count) {
        writer.writeQuietly(ramp.of(count + 77));
        writer.write(ramp.of(count));
    }
}
