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

/** Loads of one stream at the same moment. */
@Tag("slow")
class TwoLoadersTest {
    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    @Test
    void shouldLoadOnceHoweverManyThreadsAskAtTheSameMoment() throws Exception {
        LoadBench bench = new LoadBench(scratch);
        bench.save("ref.fits", DataType.FLOAT32, Shape.of(50, 60));
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (int round = 0; round < 10; round++) {
                List<Callable<LoadReport>> loads = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    loads.add(() -> bench.load("ref.fits"));
                }
                int loaded = 0;
                for (Future<LoadReport> load : threads.invokeAll(loads)) {
                    loaded += load.get().outcome() == Outcome.KEPT ? 0 : 1;
                }
                assertEquals(1, loaded, "round " + round);
                bench.assertHolds(bench.image());
                bench.save("ref.fits", DataType.FLOAT32, Shape.of(50, 60 + round % 2));
            }
        }
    }

    @Test
    void shouldLeaveSoundFilesWhenProcessesLoadDifferentImages() {
        LoadBench bench = new LoadBench(scratch);
        bench.save("one.fits", DataType.FLOAT32, Shape.of(400, 300));
        var one = bench.image();
        bench.save("two.fits", DataType.UINT16, Shape.of(500, 200));
        var two = bench.image();

        try (ChildProcess first = start(bench, "one.fits");
                ChildProcess second = start(bench, "two.fits");
                ChildProcess third = start(bench, "one.fits")) {
            List<String> said = new ArrayList<>(first.finish());
            said.addAll(second.finish());
            said.addAll(third.finish());
            assertEquals(3, said.size(), said.toString());
        }

        boolean isOne = bench.text("conf/shmim_%.name.txt").equals("one.fits\n");
        bench.assertHolds(isOne ? one : two);
        assertEquals(isOne ? "300 400 \n" : "200 500 \n", bench.text("loadedSM/%.imsize"));
        assertTrue(bench.text("loadedSM/%.FITSinfo").contains(isOne ? "/one.fits " : "/two.fits "));
        for (List<String> pair :
                List.of(List.of("FITSsame", "FITSchanged"), List.of("SMsame", "SMchanged"), List.of("new", "kept"))) {
            assertEquals(
                    1,
                    bench.loaded().stream().filter(pair::contains).count(),
                    bench.loaded().toString());
        }
        assertEquals(Outcome.KEPT, bench.load(null).outcome());
        assertEquals(
                isOne ? DataType.FLOAT32 : DataType.UINT16,
                StreamInfo.of(bench.stream()).layout().type());
    }

    private ChildProcess start(LoadBench bench, String fits) {
        return ChildProcess.builder(ChildJvm.command(
                        ChildJvm.QUICK,
                        Shm.class,
                        "fits2shm",
                        "-p",
                        scratch.prefix(),
                        fits,
                        bench.directory().resolve("ref.im.shm").toString()))
                .directory(bench.directory())
                .start();
    }
}
