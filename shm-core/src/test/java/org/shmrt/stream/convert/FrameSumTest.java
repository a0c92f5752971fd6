package org.shmrt.stream.convert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.Scratch;

/** The sum of several streams. */
@Timeout(600)
class FrameSumTest {
    private static final long SECOND = 1_000_000_000L;

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    private final List<AutoCloseable> open = new ArrayList<>();

    private ImageStream stream(String name, DataType type, Shape shape) {
        ImageStream stream = ImageStream.create(
                scratch.stream(name), StreamSpec.dao(type, shape).withDepth(2));
        open.add(stream);
        return stream;
    }

    private void closeAll() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    /** Two frames of two elements, and their sum as computed by DAO's library. */
    static Stream<Arguments> sums() {
        return Stream.of(
                Arguments.of(DataType.UINT8, new byte[] {1, -56}, new byte[] {2, 100}, new byte[] {3, 44}),
                Arguments.of(DataType.INT8, new byte[] {-1, 127}, new byte[] {3, 1}, new byte[] {2, -128}),
                Arguments.of(DataType.UINT16, new short[] {1, -1}, new short[] {2, 2}, new short[] {3, 1}),
                Arguments.of(DataType.INT16, new short[] {-5, 32767}, new short[] {2, 1}, new short[] {-3, -32768}),
                Arguments.of(DataType.UINT32, new int[] {1, -1}, new int[] {2, 2}, new int[] {3, 1}),
                Arguments.of(DataType.INT32, new int[] {-7, 8}, new int[] {2, 2}, new int[] {-5, 10}),
                Arguments.of(DataType.UINT64, new long[] {1, -1}, new long[] {2, 2}, new long[] {3, 1}),
                Arguments.of(DataType.INT64, new long[] {-7, 8}, new long[] {2, 2}, new long[] {-5, 10}),
                Arguments.of(
                        DataType.FLOAT32, new float[] {0.1f, -0f}, new float[] {0.2f, -0f}, new float[] {0.1f + 0.2f, 0f
                        }),
                Arguments.of(DataType.FLOAT64, new double[] {0.1, 1e300}, new double[] {0.2, 1}, new double[] {
                    0.1 + 0.2, 1e300
                }),
                Arguments.of(DataType.COMPLEX64, new float[] {1, 2, 3, 4}, new float[] {10, 20, 30, 40}, new float[] {
                    11, 22, 33, 44
                }),
                Arguments.of(
                        DataType.COMPLEX128, new double[] {1, 2, 3, 4}, new double[] {10, 20, 30, 40}, new double[] {
                            11, 22, 33, 44
                        }));
    }

    private static MemorySegment segment(Object array) {
        return switch (array) {
            case byte[] bytes -> MemorySegment.ofArray(bytes);
            case short[] shorts -> MemorySegment.ofArray(shorts);
            case int[] ints -> MemorySegment.ofArray(ints);
            case long[] longs -> MemorySegment.ofArray(longs);
            case float[] floats -> MemorySegment.ofArray(floats);
            case double[] doubles -> MemorySegment.ofArray(doubles);
            default -> throw new IllegalArgumentException(array.getClass().getName());
        };
    }

    @ParameterizedTest
    @MethodSource("sums")
    void shouldAddInTheElementType(DataType type, Object first, Object second, Object sum) throws Exception {
        ImageStream one = stream("one", type, Shape.of(2, 1));
        ImageStream two = stream("two", type, Shape.of(2, 1));
        ImageStream target = stream("sum", type, Shape.of(2, 1));
        try (FrameWriter ones = one.writer();
                FrameWriter twos = two.writer();
                FrameWriter out = target.writer();
                FrameReader result = target.reader(WaitStrategy.spin())) {
            ones.write(segment(second));
            ones.write(segment(first));
            twos.write(segment(second));

            FrameSum frameSum =
                    FrameSum.of(out, List.of(one.reader(WaitStrategy.spin()), two.reader(WaitStrategy.spin())));
            assertEquals(Verdict.FRESH, frameSum.publishNewest(SECOND));

            assertEquals(Verdict.FRESH, result.awaitNext(SECOND));
            assertEquals(-1, result.frame().mismatch(segment(sum)));
            assertEquals(1, result.count());
        }
        closeAll();
    }

    @Test
    void shouldWaitForANewerFrameOfEach() throws Exception {
        ImageStream one = stream("one", DataType.INT32, Shape.of(1, 1));
        ImageStream two = stream("two", DataType.INT32, Shape.of(1, 1));
        ImageStream target = stream("sum", DataType.INT32, Shape.of(1, 1));
        try (FrameWriter ones = one.writer();
                FrameWriter twos = two.writer();
                FrameWriter out = target.writer();
                FrameReader result = target.reader(WaitStrategy.spin())) {
            FrameSum sum =
                    FrameSum.of(out, List.of(one.reader(WaitStrategy.spin()), two.reader(WaitStrategy.semaphore())));
            ones.write(segment(new int[] {1}));
            assertEquals(Verdict.TIMED_OUT, sum.publishNewer(1_000_000L));
            assertEquals(0, target.status().cnt0());

            ones.write(segment(new int[] {4}));
            twos.write(segment(new int[] {5}));
            assertEquals(Verdict.FRESH, sum.publishNewer(SECOND));
            assertEquals(Verdict.TIMED_OUT, sum.publishNewer(1_000_000L));

            assertEquals(Verdict.FRESH, result.newest());
            assertEquals(-1, result.frame().mismatch(segment(new int[] {9})));
            assertEquals(1, target.status().cnt0());
        }
        closeAll();
    }

    @Test
    void shouldAddUpTo1024Streams() throws Exception {
        ImageStream one = stream("one", DataType.UINT16, Shape.of(3, 1));
        ImageStream target = stream("sum", DataType.UINT16, Shape.of(3, 1));
        try (FrameWriter ones = one.writer();
                FrameWriter out = target.writer();
                FrameReader source = one.reader(WaitStrategy.spin());
                FrameReader result = target.reader(WaitStrategy.spin())) {
            ones.write(segment(new short[] {1, 2, 64}));
            FrameSum.of(out, Collections.nCopies(1024, source)).publishNewest(SECOND);

            assertEquals(Verdict.FRESH, result.newest());
            assertEquals(-1, result.frame().mismatch(segment(new short[] {1024, 2048, 0})));
            assertThrows(IllegalArgumentException.class, () -> FrameSum.of(out, Collections.nCopies(1025, source)));
            assertThrows(IllegalArgumentException.class, () -> FrameSum.of(out, List.of()));
        }
        closeAll();
    }

    @Test
    void shouldRejectSourcesOfAnotherTypeOrShape() throws Exception {
        ImageStream target = stream("sum", DataType.UINT16, Shape.of(3, 2));
        ImageStream type = stream("type", DataType.INT16, Shape.of(3, 2));
        ImageStream shape = stream("shape", DataType.UINT16, Shape.of(2, 3));
        try (FrameWriter out = target.writer()) {
            for (ImageStream other : List.of(type, shape)) {
                assertThrows(
                        IllegalArgumentException.class,
                        () -> FrameSum.of(out, List.of(other.reader(WaitStrategy.spin()))));
            }
        }
        closeAll();
    }
}
