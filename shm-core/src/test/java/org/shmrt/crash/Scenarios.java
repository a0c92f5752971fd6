package org.shmrt.crash;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.shmrt.crash.CreatorScenario.Action;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.FramesAhead;
import org.shmrt.stream.PacketWriter;
import org.shmrt.stream.format.StreamSpec;

/** All scenarios, for the test process and for its targets. */
final class Scenarios {
    private static final Shape SHAPE = Shape.of(8, 8);
    static final StreamSpec DAO = StreamSpec.dao(DataType.UINT8, SHAPE);
    static final StreamSpec DAO_2 = DAO.withVariant("v2");
    static final StreamSpec MILK = StreamSpec.milk(DataType.UINT8, SHAPE);

    /** Its frame is large enough for a kill in the middle of the copy. */
    static final Scenario LARGE =
            new WriterScenario("dao-large", StreamSpec.dao(DataType.UINT8, Shape.of(4096, 4096)), Scenarios::write);

    private Scenarios() {}

    static Scenario named(String name) {
        return all().stream()
                .filter(scenario -> scenario.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Scenarios whose steps the debugger finds. */
    static List<Scenario> stepped() {
        List<Scenario> all = new ArrayList<>(writers());
        all.addAll(creators());
        all.addAll(readers());
        all.addAll(keywords());
        all.addAll(loaders());
        return all;
    }

    private static List<Scenario> all() {
        List<Scenario> all = new ArrayList<>(stepped());
        all.addAll(sleepers());
        all.add(LARGE);
        return all;
    }

    static List<Scenario> creators() {
        StreamSpec full = MILK.withCircularBuffer(2).withKeywords(2);
        return List.of(
                new CreatorScenario("dao-create", Action.CREATE, null, DAO.withKeywords(2)),
                new CreatorScenario("dao2-create", Action.CREATE, null, DAO_2.withKeywords(2)),
                new CreatorScenario("milk-create", Action.CREATE, null, full),
                new CreatorScenario("dao-replace", Action.REPLACE, DAO, DAO.withDepth(2)),
                new CreatorScenario("milk-replace", Action.REPLACE, MILK, full),
                new CreatorScenario("dao-replace-milk", Action.REPLACE, MILK, DAO),
                new CreatorScenario("milk-replace-dao", Action.REPLACE, DAO, MILK),
                new CreatorScenario("dao-convert", Action.CONVERT, MILK, DAO),
                new CreatorScenario("dao-remove", Action.REMOVE, DAO, null),
                new CreatorScenario("milk-remove", Action.REMOVE, MILK, null));
    }

    static List<Scenario> keywords() {
        return List.of(new KeywordScenario("dao-keywords", DAO), new KeywordScenario("milk-keywords", MILK));
    }

    /** Readers that sleep on a semaphore until they are killed. */
    static List<Scenario> sleepers() {
        return List.of(
                new ReservationScenario("dao-asleep", DAO, 60_000_000_000L),
                new ReservationScenario("milk-asleep", MILK, 60_000_000_000L));
    }

    static List<Scenario> loaders() {
        return List.of(
                new LoaderScenario("dao-load-new", "dao", LoaderScenario.Action.NEW),
                new LoaderScenario("milk-load-new", "milk", LoaderScenario.Action.NEW),
                new LoaderScenario("load-update", "dao", LoaderScenario.Action.UPDATE),
                new LoaderScenario("load-other-shape", "dao", LoaderScenario.Action.OTHER_SHAPE),
                new LoaderScenario("load-reset", "dao", LoaderScenario.Action.RESET),
                new LoaderScenario("load-keep", "dao", LoaderScenario.Action.KEEP),
                new LinkScenario());
    }

    static List<Scenario> readers() {
        return List.of(
                new ReservationScenario("dao-reserve", DAO, 500_000_000L),
                new ReservationScenario("dao2-reserve", DAO_2, 500_000_000L),
                new ReservationScenario("milk-reserve", MILK, 500_000_000L));
    }

    static List<Scenario> writers() {
        StreamSpec ring = DAO.withDepth(3);
        StreamSpec records = MILK.withVariant("2.00-writehistory").withCircularBuffer(3);
        StreamSpec cube = StreamSpec.milk(DataType.UINT8, Shape.of(3, 4, 4)).asRollingCube();
        return List.of(
                new WriterScenario("dao-write", DAO, Scenarios::write),
                new WriterScenario("dao-ring-write", ring, Scenarios::write),
                new WriterScenario("dao2-ring-write", ring.withVariant("v2"), Scenarios::write),
                new WriterScenario("milk-write", MILK, Scenarios::write),
                new WriterScenario("milk-records-write", records, Scenarios::write),
                new WriterScenario("milk-slice", cube, Scenarios::write),
                new WriterScenario("dao-in-place", DAO, Scenarios::inPlace),
                new WriterScenario("dao-ring-in-place", ring, Scenarios::inPlace),
                new WriterScenario("milk-in-place", MILK, Scenarios::inPlace),
                new WriterScenario("dao-abort", DAO, Scenarios::abort),
                new WriterScenario("dao-ring-abort", ring, Scenarios::abort),
                new WriterScenario("dao-packets", DAO, Scenarios::packets),
                new WriterScenario("milk-packets", MILK.withVariant("2.00-dao-compat"), Scenarios::packets),
                new WriterScenario("dao-ring-quiet", ring, Scenarios::quiet),
                new WriterScenario("dao-ahead", DAO.withDepth(4), Scenarios::ahead),
                new WriterScenario("dao-ahead-copied", DAO.withDepth(4), Scenarios::aheadCopied));
    }

    private static void write(FrameWriter writer, ByteRamp ramp, long count) {
        ramp.write(writer, count);
    }

    private static void inPlace(FrameWriter writer, ByteRamp ramp, long count) {
        fillInHalves(writer.claim(), ramp.of(count));
        writer.frameId(count);
        writer.publish();
    }

    private static void fillInHalves(MemorySegment claimed, MemorySegment frame) {
        long half = frame.byteSize() / 2;
        MemorySegment.copy(frame, 0, claimed, 0, half);
        MemorySegment.copy(frame, half, claimed, half, half);
    }

    private static void abort(FrameWriter writer, ByteRamp ramp, long count) {
        fillInHalves(writer.claim(), ramp.of(count + 77));
        writer.abort();
        inPlace(writer, ramp, count);
    }

    private static void packets(FrameWriter writer, ByteRamp ramp, long count) {
        PacketWriter packets = writer.packets();
        MemorySegment frame = ramp.of(count);
        long half = frame.byteSize() / 2;
        packets.begin(count, 2);
        packets.write(1, half, frame.asSlice(half));
        packets.write(0, 0, frame.asSlice(0, half));
        packets.finish();
    }

    private static void quiet(FrameWriter writer, ByteRamp ramp, long count) {
        writer.writeQuietly(ramp.of(count + 77));
        writer.write(ramp.of(count));
    }

    /** Two frames, the second one filled first. */
    private static void ahead(FrameWriter writer, ByteRamp ramp, long count) {
        try (FramesAhead ahead = writer.claimAhead(3)) {
            int first = ahead.claim();
            int second = ahead.claim();
            fillInHalves(ahead.memory(second), ramp.of(count + 1));
            fillInHalves(ahead.memory(first), ramp.of(count));
            ahead.publish(first);
            ahead.frameId(second, count);
            ahead.publish(second);
            ahead.giveBackUnused(ahead.claim());
        }
    }

    /** Frames that arrive in another order, after a spoilt one and before one that is not filled. */
    private static void aheadCopied(FrameWriter writer, ByteRamp ramp, long count) {
        try (FramesAhead ahead = writer.claimAhead(3)) {
            int first = ahead.claim();
            int second = ahead.claim();
            int third = ahead.claim();
            fillInHalves(ahead.memory(third), ramp.of(count));
            ahead.publish(third);
            fillInHalves(ahead.memory(second), ramp.of(count + 1));
            ahead.publish(second);
            fillInHalves(ahead.memory(first), ramp.of(count + 77));
            ahead.giveBack(first);
            fillInHalves(ahead.memory(ahead.claim()), ramp.of(count + 77));
        }
    }
}
