package org.shmrt.cacao;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shmrt.cacao.LoadReport.Outcome;
import org.shmrt.cli.Shm;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.process.ChildProcess;
import org.shmrt.stream.inspect.StreamInfo;
import org.shmrt.testing.ChildJvm;
import org.shmrt.testing.Scratch;

/** Concurrent loads into one stream. */
@Tag("slow")
class TwoLoadersTest {
    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    @Test
    void shouldLoadOnceHoweverManyThreadsRequestIt() throws Exception {
        LoadFixture fixture = new LoadFixture(scratch);
        fixture.save("ref.fits", DataType.FLOAT32, Shape.of(50, 60));
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (int round = 0; round < 10; round++) {
                List<Callable<LoadReport>> loads = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    loads.add(() -> fixture.load("ref.fits"));
                }
                int loaded = 0;
                for (Future<LoadReport> load : threads.invokeAll(loads)) {
                    loaded += load.get().outcome() == Outcome.KEPT ? 0 : 1;
                }
                assertEquals(1, loaded, "round " + round);
                fixture.assertHolds(fixture.image());
                fixture.save("ref.fits", DataType.FLOAT32, Shape.of(50, 60 + round % 2));
            }
        }
    }

    @Test
    void shouldLeaveConsistentFilesWhenProcessesLoadDifferentImages() {
        LoadFixture fixture = new LoadFixture(scratch);
        fixture.save("one.fits", DataType.FLOAT32, Shape.of(400, 300));
        var one = fixture.image();
        fixture.save("two.fits", DataType.UINT16, Shape.of(500, 200));
        var two = fixture.image();

        try (ChildProcess first = start(fixture, "one.fits");
                ChildProcess second = start(fixture, "two.fits");
                ChildProcess third = start(fixture, "one.fits")) {
            List<String> output = new ArrayList<>(first.finish());
            output.addAll(second.finish());
            output.addAll(third.finish());
            assertEquals(3, output.size(), output.toString());
        }

        boolean isOne = fixture.text("conf/shmim_%.name.txt").equals("one.fits\n");
        fixture.assertHolds(isOne ? one : two);
        assertEquals(isOne ? "300 400 \n" : "200 500 \n", fixture.text("loadedSM/%.imsize"));
        assertTrue(fixture.text("loadedSM/%.FITSinfo").contains(isOne ? "/one.fits " : "/two.fits "));
        for (List<String> pair :
                List.of(List.of("FITSsame", "FITSchanged"), List.of("SMsame", "SMchanged"), List.of("new", "kept"))) {
            assertEquals(
                    1,
                    fixture.loaded().stream().filter(pair::contains).count(),
                    fixture.loaded().toString());
        }
        assertEquals(Outcome.KEPT, fixture.loadFromConf().outcome());
        assertEquals(
                isOne ? DataType.FLOAT32 : DataType.UINT16,
                StreamInfo.of(fixture.stream()).layout().type());
    }

    private ChildProcess start(LoadFixture fixture, String fits) {
        return ChildProcess.builder(ChildJvm.command(
                        ChildJvm.QUICK,
                        Shm.class,
                        "fits2shm",
                        "-p",
                        scratch.prefix(),
                        fits,
                        fixture.directory().resolve("ref.im.shm").toString()))
                .directory(fixture.directory())
                .start();
    }
}
