package org.shmrt.cacao;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.shmrt.cacao.LoadReport.Outcome;
import org.shmrt.cacao.LoadReport.Reason;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;
import org.shmrt.stream.ImageStream;
import org.shmrt.testing.Scratch;

/** Whether a second request loads, for every combination of what may have changed and what is asked for. */
class DecisionTableTest {
    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    private LoadBench bench;

    @BeforeEach
    void loadOnce() {
        bench = new LoadBench(scratch);
        bench.save("ref.fits", DataType.UINT16, Shape.of(3, 4));
        bench.load("ref.fits");
    }

    /** What happens to a stream between two requests. */
    enum Fate {
        SAME,
        WRITTEN,
        REMOVED
    }

    record Case(boolean fitsChanged, Fate fate, boolean force, boolean reset, boolean fromConf) {
        List<Reason> reasons() {
            List<Reason> reasons = new ArrayList<>();
            if (reset) {
                return List.of(Reason.RESET);
            }
            reasons.addAll(fitsChanged ? List.of(Reason.FITS_CHANGED) : List.of());
            reasons.addAll(fate == Fate.WRITTEN ? List.of(Reason.STREAM_CHANGED) : List.of());
            reasons.addAll(fate == Fate.REMOVED ? List.of(Reason.STREAM_MISSING) : List.of());
            reasons.addAll(force ? List.of(Reason.FORCED) : List.of());
            return reasons;
        }

        boolean missing() {
            return fate == Fate.REMOVED || reset;
        }
    }

    static Stream<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (int bits = 0; bits < 16; bits++) {
            for (Fate fate : Fate.values()) {
                cases.add(new Case((bits & 1) != 0, fate, (bits & 2) != 0, (bits & 4) != 0, (bits & 8) != 0));
            }
        }
        return cases.stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    @SuppressWarnings("ReferenceEquality") // the image itself, not an equal one
    void shouldLoadIfAndOnlyIfThereIsAReason(Case tried) throws IOException {
        String fitsInfo = bench.text("loadedSM/%.FITSinfo");
        String streamInfo = bench.text("loadedSM/%.SMinfo");
        MemoryImage first = bench.image();
        if (tried.fitsChanged()) {
            bench.save("ref.fits", DataType.UINT16, Shape.of(3, 4));
        }
        if (tried.fate() == Fate.WRITTEN) {
            bench.writeStream();
        } else if (tried.fate() == Fate.REMOVED) {
            ImageStream.remove(bench.stream());
        }
        LoadRequest request = bench.request(tried.fromConf() ? null : "ref.fits");
        request = tried.force() ? request.forced() : request;

        LoadReport report = FitsLoader.load(tried.reset() ? request.withReset() : request);

        boolean kept = tried.reasons().isEmpty();
        assertEquals(tried.reasons(), report.reasons());
        assertEquals(kept ? Outcome.KEPT : tried.missing() ? Outcome.CREATED : Outcome.UPDATED, report.outcome());
        long frames = tried.missing() ? 1 : 1 + (tried.fate() == Fate.WRITTEN ? 1 : 0) + (kept ? 0 : 1);
        assertEquals(frames, report.cnt0());
        bench.assertHolds(bench.image());
        assertTrue(tried.fitsChanged() || bench.image() == first);

        boolean fitsChanged = tried.fitsChanged() || tried.reset();
        boolean streamChanged = tried.fate() != Fate.SAME || tried.reset();
        List<String> expected = new ArrayList<>(List.of(
                "FITSinfo",
                "SMinfo",
                "imsize",
                fitsChanged ? "FITSchanged" : "FITSsame",
                streamChanged ? "SMchanged" : "SMsame",
                kept ? "kept" : "new"));
        expected.addAll(tried.missing() ? List.of("missing") : List.of());
        expected.addAll(tried.reset() ? List.of() : List.of("FITSinfo.old", "SMinfo.old"));
        Collections.sort(expected);
        assertEquals(expected, bench.loaded());
        if (!tried.reset()) {
            assertEquals(fitsInfo, bench.text("loadedSM/%.FITSinfo.old"));
            assertEquals(streamInfo, bench.text("loadedSM/%.SMinfo.old"));
        }
        assertEquals(!tried.fitsChanged(), fitsInfo.equals(bench.text("loadedSM/%.FITSinfo")));
        assertEquals(kept, streamInfo.equals(bench.text("loadedSM/%.SMinfo")));
        assertBooksTell(frames);
    }

    private void assertBooksTell(long frames) throws IOException {
        String fits = bench.file("ref.fits").toRealPath().toString();
        String fitsInfo = bench.text("loadedSM/%.FITSinfo");
        assertTrue(
                fitsInfo.matches("\\Q" + fits + "\\E " + Files.size(bench.file("ref.fits"))
                        + " 2023-11-14 22:13:2[0-9]\\.0{9} \\+0000\n"),
                fitsInfo);
        String streamInfo = bench.text("loadedSM/%.SMinfo");
        assertTrue(
                streamInfo.matches("\\Q" + bench.stream() + "\\E " + Files.size(bench.stream())
                        + " 20[0-9-]+ [0-9:.]+ \\+0000 cnt0 " + frames + " written [1-9][0-9]+\n"),
                streamInfo);
        assertEquals("4 3 \n", bench.text("loadedSM/%.imsize"));
        assertEquals("4 3 \n", bench.text("conf/shmim_%.imsize.txt"));
        assertEquals("ref.fits\n", bench.text("conf/shmim_%.name.txt"));
        assertEquals(
                fits, Files.readSymbolicLink(bench.file("conf/shmim_%.fits")).toString());
        assertFalse(bench.has("conf/shmim.%.name.txt"));

        assertEquals(Outcome.KEPT, bench.load(null).outcome(), "a request that finds nothing to do");
    }
}
