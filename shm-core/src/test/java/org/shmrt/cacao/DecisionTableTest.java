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

/** Whether a second request loads the image, for every combination of changes and modes. */
class DecisionTableTest {
    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    private LoadFixture fixture;

    @BeforeEach
    void loadOnce() {
        fixture = new LoadFixture(scratch);
        fixture.save("ref.fits", DataType.UINT16, Shape.of(3, 4));
        fixture.load("ref.fits");
    }

    /** What happens to a stream between two requests. */
    enum Fate {
        SAME,
        WRITTEN,
        REMOVED
    }

    record Case(boolean fitsChanged, Fate fate, LoadRequest.Mode mode, boolean fromConf) {
        List<Reason> reasons() {
            List<Reason> reasons = new ArrayList<>();
            if (reset()) {
                return List.of(Reason.RESET);
            }
            reasons.addAll(fitsChanged ? List.of(Reason.FITS_CHANGED) : List.of());
            reasons.addAll(fate == Fate.WRITTEN ? List.of(Reason.STREAM_CHANGED) : List.of());
            reasons.addAll(fate == Fate.REMOVED ? List.of(Reason.STREAM_MISSING) : List.of());
            reasons.addAll(mode == LoadRequest.Mode.ALWAYS ? List.of(Reason.FORCED) : List.of());
            return reasons;
        }

        boolean reset() {
            return mode == LoadRequest.Mode.RESET;
        }

        boolean missing() {
            return fate == Fate.REMOVED || reset();
        }
    }

    static Stream<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (int bits = 0; bits < 4; bits++) {
            for (Fate fate : Fate.values()) {
                for (LoadRequest.Mode mode : LoadRequest.Mode.values()) {
                    cases.add(new Case((bits & 1) != 0, fate, mode, (bits & 2) != 0));
                }
            }
        }
        return cases.stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    @SuppressWarnings("ReferenceEquality") // the image itself, not an equal one
    void shouldLoadIfAndOnlyIfThereIsAReason(Case tried) throws IOException {
        String fitsInfo = fixture.text("loadedSM/%.FITSinfo");
        String streamInfo = fixture.text("loadedSM/%.SMinfo");
        MemoryImage first = fixture.image();
        if (tried.fitsChanged()) {
            fixture.save("ref.fits", DataType.UINT16, Shape.of(3, 4));
        }
        if (tried.fate() == Fate.WRITTEN) {
            fixture.writeStream();
        } else if (tried.fate() == Fate.REMOVED) {
            ImageStream.remove(fixture.stream());
        }
        LoadRequest.Builder request = tried.fromConf() ? fixture.request() : fixture.request("ref.fits");

        LoadReport report = FitsLoader.load(request.mode(tried.mode()).build());

        boolean kept = tried.reasons().isEmpty();
        assertEquals(tried.reasons(), report.reasons());
        assertEquals(kept ? Outcome.KEPT : tried.missing() ? Outcome.CREATED : Outcome.UPDATED, report.outcome());
        long frames = tried.missing() ? 1 : 1 + (tried.fate() == Fate.WRITTEN ? 1 : 0) + (kept ? 0 : 1);
        assertEquals(frames, report.cnt0());
        fixture.assertHolds(fixture.image());
        assertTrue(tried.fitsChanged() || fixture.image() == first);

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
        assertEquals(expected, fixture.loaded());
        if (!tried.reset()) {
            assertEquals(fitsInfo, fixture.text("loadedSM/%.FITSinfo.old"));
            assertEquals(streamInfo, fixture.text("loadedSM/%.SMinfo.old"));
        }
        assertEquals(!tried.fitsChanged(), fitsInfo.equals(fixture.text("loadedSM/%.FITSinfo")));
        assertEquals(kept, streamInfo.equals(fixture.text("loadedSM/%.SMinfo")));
        assertStateFiles(frames);
    }

    private void assertStateFiles(long frames) throws IOException {
        String fits = fixture.file("ref.fits").toRealPath().toString();
        String fitsInfo = fixture.text("loadedSM/%.FITSinfo");
        assertTrue(
                fitsInfo.matches("\\Q" + fits + "\\E " + Files.size(fixture.file("ref.fits"))
                        + " 2023-11-14 22:13:2[0-9]\\.0{9} \\+0000\n"),
                fitsInfo);
        String streamInfo = fixture.text("loadedSM/%.SMinfo");
        assertTrue(
                streamInfo.matches("\\Q" + fixture.stream() + "\\E " + Files.size(fixture.stream())
                        + " 20[0-9-]+ [0-9:.]+ \\+0000 cnt0 " + frames + " written [1-9][0-9]+\n"),
                streamInfo);
        assertEquals("4 3 \n", fixture.text("loadedSM/%.imsize"));
        assertEquals("4 3 \n", fixture.text("conf/shmim_%.imsize.txt"));
        assertEquals("ref.fits\n", fixture.text("conf/shmim_%.name.txt"));
        assertEquals(
                fits, Files.readSymbolicLink(fixture.file("conf/shmim_%.fits")).toString());
        assertFalse(fixture.has("conf/shmim.%.name.txt"));

        assertEquals(Outcome.KEPT, fixture.loadFromConf().outcome(), "nothing has changed since");
    }
}
