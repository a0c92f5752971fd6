package org.shmrt.web.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.format.StreamSpec;

/** The pixels of the page equal those of the stream: as values, in the texture, and as colours on the canvas. */
@Tag("slow")
class PagePixelsTest extends PageTest {
    private static final int ROWS = 12;
    private static final int COLUMNS = 16;
    private static final int PIXELS = ROWS * COLUMNS;

    /** The colours drawn in the middle of each pixel, as one number each, in the order of the array. */
    private static final String COLOURS = "(() => { const p = shmrt.readPixels(0); const out = [];"
            + "for (let r = 0; r < 12; r++) for (let c = 0; c < 16; c++) {"
            + "const [x, y] = shmrt.place(0, r, c).map(Math.floor); const i = 4 * (y * p.width + x);"
            + "out.push(p.rgba[i] << 16 | p.rgba[i + 1] << 8 | p.rgba[i + 2]) } return out.join() })()";

    /** The entries of the colour map for values that are entries themselves. */
    private static final String EXPECTED = "(() => { const m = shmrt.look(0).map; const out = [];"
            + "for (let v = 0; v < 192; v++) out.push(m[3 * v] << 16 | m[3 * v + 1] << 8 | m[3 * v + 2]);"
            + "return out.join() })()";

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "BOOL") // no stream has this type
    void shouldShowExactValuesOfEachType(DataType type) throws InterruptedException {
        create("cam", type, Shape.of(ROWS, COLUMNS), i -> i % 100);
        openStreams("part=re", "cam");
        List<String> expected = IntStream.range(0, PIXELS)
                .mapToObj(i -> String.valueOf(i % 100))
                .toList();
        assertEquals(
                String.join(",", expected), browser().text("shmrt.values(0, 0, 0, 11, 15).flat().join()"), type.name());
        assertEquals(
                String.join(",", expected),
                browser().text("shmrt.readTexture(0).values.map(String).join()"),
                type.name());
    }

    @ParameterizedTest
    @EnumSource(names = {"INT64", "UINT64"})
    void shouldShowEachDigitOf64Bits(DataType type) throws InterruptedException {
        createLongs("ticks", type, Shape.of(ROWS, COLUMNS), i -> 9_007_199_254_740_993L + i);
        openStreams("", "ticks");
        String[] shown =
                browser().text("shmrt.values(0, 0, 0, 11, 15).flat().join()").split(",");
        for (int i = 0; i < PIXELS; i++) {
            assertEquals(String.valueOf(9_007_199_254_740_993L + i), shown[i]);
        }
        browser().await("document.querySelector('.fact-remark').textContent.includes('float64')");
    }

    @ParameterizedTest
    @CsvSource({"UINT8,R8UI", "INT8,R8I", "UINT16,R16UI", "INT16,R16I", "UINT32,R32UI", "INT32,R32I", "FLOAT32,R32F"})
    void shouldKeepTheTypeInTheTexture(DataType type, String format) throws InterruptedException {
        create("cam", type, Shape.of(ROWS, COLUMNS), i -> i);
        openStreams("renderer=webgl", "cam");
        assertEquals(format, browser().text("shmrt.readTexture(0).format"));
    }

    @Test
    void shouldKeepTheLastDigitsOf32Bits() throws InterruptedException {
        create("cam", DataType.UINT32, Shape.of(ROWS, COLUMNS), i -> 4_294_967_000.0 + i);
        openStreams("renderer=webgl&limits=4294967000,4294967255&cmap=grey", "cam");
        assertEquals("4294967191", browser().text("shmrt.readTexture(0).values[191]"));
        assertEquals(browser().text(EXPECTED), browser().text(COLOURS));
    }

    @ParameterizedTest
    @CsvSource({
        "UINT8,webgl,''",
        "UINT16,webgl,''",
        "INT16,webgl,''",
        "INT32,webgl,''",
        "FLOAT32,webgl,''",
        "FLOAT64,webgl,''",
        "FLOAT16,webgl,''",
        "INT64,webgl,''",
        "UINT16,webgl,flip=x",
        "UINT16,webgl,flip=xy&rot=1",
        "UINT16,webgl,rot=3&tr=1",
        "UINT16,webgl,tr=1&axes=fits",
        "UINT16,webgl,rot=2&flip=y",
        "UINT8,canvas,''",
        "INT8,canvas,''",
        "UINT16,canvas,flip=x",
        "INT16,canvas,''",
        "INT32,canvas,''",
        "FLOAT32,canvas,rot=1&tr=1",
        "UINT16,webgl,'zoom=9&centre=0.5,0.5'"
    })
    void shouldDrawTheColoursOfThePixels(DataType type, String renderer, String parameters)
            throws InterruptedException {
        create("cam", type, Shape.of(ROWS, COLUMNS), i -> i % 128);
        openStreams("limits=0,255&cmap=viridis&sat=off&renderer=" + renderer + "&" + parameters, "cam");
        String[] map = browser().text(EXPECTED).split(",");
        List<String> expected =
                IntStream.range(0, PIXELS).mapToObj(i -> map[i % 128]).toList();
        assertEquals(String.join(",", expected), browser().text(COLOURS));
    }

    /** Pictures with more pixels than their type has values are painted by a table of all values. */
    @ParameterizedTest
    @CsvSource({"UINT8,0,255", "INT8,-128,127", "UINT16,0,60000", "INT16,-30000,30000"})
    void shouldPaintLargePicturesOfSmallIntegersByValue(DataType type, int low, int high) throws InterruptedException {
        int side = 300;
        int values = high - low + 1;
        create("cam", type, Shape.of(side, side), i -> low + i * 7 % values);
        openStreams("renderer=canvas&cmap=viridis&stretch=sqrt&sat=off&zoom=1&limits=" + low + "," + high, "cam");
        assertEquals("canvas", browser().text("shmrt.look(0).renderer"));
        String wrong = "(() => { const p = shmrt.readPixels(0); const m = shmrt.look(0).map; const out = [];"
                + "for (let r = 0; r < 300; r += 7) for (let c = 0; c < 300; c += 11) {"
                + "const [x, y] = shmrt.place(0, r, c).map(Math.floor); const i = 4 * (y * p.width + x);"
                + "const v = LOW + (r * 300 + c) * 7 % VALUES;"
                + "const k = 3 * Math.floor(Math.sqrt((v - LOW) / (VALUES - 1)) * 255 + 0.5);"
                + "if ([0, 1, 2].some((j) => p.rgba[i + j] !== m[k + j])) out.push(`${r},${c}`) }"
                + "return out.join(' ') })()";
        assertEquals(
                "", browser().text(wrong.replace("LOW", "(" + low + ")").replace("VALUES", String.valueOf(values))));
        write("cam", i -> high);
        browser().await("shmrt.values(0, 0, 0, 0, 0)[0][0] === '" + high + "'");
        assertEquals(
                browser().text("Array.from(shmrt.look(0).map.slice(765)).join()"),
                browser()
                        .text("(() => { const p = shmrt.readPixels(0);"
                                + "const [x, y] = shmrt.place(0, 150, 150).map(Math.floor);"
                                + "return Array.from(p.rgba.slice(4 * (y * p.width + x)).slice(0, 3)).join() })()"));
    }

    @Test
    void shouldChooseTheRendererByPictureAndGraphicsCard() throws InterruptedException {
        create("small", DataType.UINT16, Shape.of(ROWS, COLUMNS), i -> i);
        create("large", DataType.UINT8, Shape.of(1100, 1000), i -> i % 100);
        openStreams("", "small", "large");
        String name = browser()
                .text("(() => { const gl = document.createElement('canvas').getContext('webgl2');"
                        + "return gl.getParameter(gl.getExtension('WEBGL_debug_renderer_info')"
                        + ".UNMASKED_RENDERER_WEBGL) })()");
        boolean isSoftware = name.contains("SwiftShader") || name.contains("llvmpipe");
        assertEquals(isSoftware ? "canvas" : "WebGL2", browser().text("shmrt.look(0).renderer"), name);
        assertEquals("WebGL2", browser().text("shmrt.look(1).renderer"), name);
    }

    @ParameterizedTest
    @CsvSource({"webgl", "canvas"})
    void shouldMarkValuesThatAreNotFiniteAndThoseThatAreSaturated(String renderer) throws InterruptedException {
        create("dm", DataType.FLOAT32, Shape.of(ROWS, COLUMNS), i -> i == 0 ? Double.NaN : i == 1 ? 1e9 : i % 100);
        openStreams("limits=0,255&sat=1000&cmap=grey&renderer=" + renderer, "dm");
        String[] colours = browser().text(COLOURS).split(",");
        assertEquals(0xed29b8, Integer.parseInt(colours[0]), 0x010101, "magenta for NaN");
        assertEquals(0xff291f, Integer.parseInt(colours[1]), 0x010101, "red for saturated");
        assertEquals(0x020202, Integer.parseInt(colours[2]), "grey for a value");
        browser().await("shmrt.statistics(0).whole.nan === 1 && shmrt.statistics(0).whole.saturated === 1");
    }

    @Test
    void shouldDrawEachNewFrame() throws InterruptedException {
        create("cam", DataType.UINT16, Shape.of(ROWS, COLUMNS), i -> i);
        openStreams("limits=0,255&sat=off", "cam");
        for (int k = 1; k <= 5; k++) {
            int shift = k;
            write("cam", i -> (i + shift) % 192);
            browser().await("shmrt.values(0, 0, 0, 0, 0)[0][0] === '" + k + "'");
        }
        String[] map = browser().text(EXPECTED).split(",");
        List<String> expected =
                IntStream.range(0, PIXELS).mapToObj(i -> map[(i + 5) % 192]).toList();
        assertEquals(String.join(",", expected), browser().text(COLOURS));
    }

    @Test
    void shouldSubtractADarkAndLayAMaskOver() throws InterruptedException {
        create("cam", DataType.UINT16, Shape.of(ROWS, COLUMNS), i -> i == 5 ? 65_535 : 100 + i);
        create("dark", DataType.UINT16, Shape.of(ROWS, COLUMNS), i -> 100);
        create("bad", DataType.UINT8, Shape.of(ROWS, COLUMNS), i -> i == 7 ? 1 : 0);
        openStreams("limits=0,255&cmap=grey&dark=" + name("dark") + "&mask=" + name("bad"), "cam");
        browser().await("shmrt.values(0, 0, 2, 0, 2)[0][0] === '2'");
        browser().await("(" + COLOURS + ").split(',')[7] !== String(0x070707)");
        String[] colours = browser().text(COLOURS).split(",");
        assertEquals(0x090909, Integer.parseInt(colours[9]));
        assertEquals(0xff291f, Integer.parseInt(colours[5]), 0x010101, "saturated before the subtraction");
    }

    @Test
    void shouldShowAmplitudeAndPhase() throws InterruptedException {
        create("pupil", DataType.COMPLEX64, Shape.of(ROWS, COLUMNS), i -> i == 3 ? 4 : 0);
        openStreams("", "pupil");
        assertEquals("5", browser().text("shmrt.values(0, 0, 3, 0, 3)[0][0]"));
        browser().choose("part of complex values", "phase");
        browser().await("Math.abs(Number(shmrt.values(0, 0, 3, 0, 3)[0][0]) - Math.atan2(3, 4)) < 1e-6");
        browser().choose("part of complex values", "im");
        browser().await("shmrt.values(0, 0, 3, 0, 3)[0][0] === '3'");
        browser().choose("part of complex values", "re");
        browser().await("shmrt.values(0, 0, 3, 0, 3)[0][0] === '4'");
    }

    @Test
    void shouldShowColoursAndTheirSlices() throws InterruptedException {
        create("sky", DataType.UINT8, Shape.of(ROWS, COLUMNS, 3), i -> i % 3 == 0 ? 200 : i % 3 == 1 ? 100 : 50);
        openStreams("limits=0,255", "sky");
        assertEquals(String.valueOf(0xc86432), browser().text(COLOURS).split(",")[0]);
        browser().find(".field input[type=checkbox]").click();
        browser().await("shmrt.frame(0).slice === 0 && shmrt.frame(0).shape.join() === '16,3'");
    }

    /** A stream of 5 slices; each pixel is the number of its slice. */
    private void createCube() {
        create("refs", DataType.FLOAT32, Shape.of(5, ROWS, COLUMNS), i -> Math.floorDiv(i, PIXELS));
    }

    @Test
    void shouldShowEachSliceOfACube() throws InterruptedException {
        createCube();
        openStreams("", "refs");
        assertEquals("0", browser().text("shmrt.values(0, 0, 0, 0, 0)[0][0]"));
        browser().press("]");
        browser().await("shmrt.values(0, 3, 3, 3, 3)[0][0] === '1'");
        browser()
                .js("const s = document.querySelector('input[aria-label=slice]'); s.value = 4;"
                        + "s.dispatchEvent(new Event('input'))");
        browser().await("shmrt.values(0, 3, 3, 3, 3)[0][0] === '4'");
        assertTrue(
                browser().text("document.querySelector('.value').textContent").contains("4 / 4"));
    }

    /** The picture can come before the list of streams, and with it a key. */
    @Test
    void shouldShowTheSliceChosenWhereTheListOfStreamsComesLate() throws InterruptedException {
        createCube();
        String held = browser().holdBack("list");
        try {
            openStreams("slice=2", "refs");
            browser().await("shmrt.values(0, 3, 3, 3, 3)[0][0] === '2'");
            browser().press("]");
            browser().await("shmrt.values(0, 3, 3, 3, 3)[0][0] === '3'");
        } finally {
            browser().letGo(held);
        }
        browser().await("document.querySelector('.fact').textContent === '1 stream'");
        browser().press("]");
        browser().await("shmrt.values(0, 3, 3, 3, 3)[0][0] === '4'");
    }

    /** A request for the slice before is open then, and the frame answers it. */
    @Test
    void shouldShowTheSliceChosenWhereAFrameComesAtTheSameTime() throws InterruptedException {
        createCube();
        openStreams("", "refs");
        browser().await("shmrt.frame(0).slice === 0");
        for (int k = 1; k < 5; k++) {
            int frame = 10 * k;
            boolean paused = k % 2 == 0;
            if (paused) {
                browser().press(" ");
            }
            browser().press("]");
            write("refs", i -> frame + Math.floorDiv(i, PIXELS));
            browser().await("shmrt.frame(0).slice === " + k);
            browser().await("shmrt.values(0, 3, 3, 3, 3)[0][0] === '" + (frame + k) + "'");
            if (paused) {
                browser().press(" ");
            }
        }
    }

    @Test
    void shouldPlotAVector() throws InterruptedException {
        create("slopes", DataType.FLOAT32, Shape.of(288), i -> i);
        openStreams("", "slopes");
        browser().await("document.querySelector('.stage .uplot canvas').width > 100");
        assertEquals("287", browser().text("shmrt.values(0, 0, 287, 0, 287)[0][0]"));
    }

    /** A ring of 8 frames that has 6; each pixel is the number of its frame, from 0. */
    private void createRing() {
        create("ring", StreamSpec.dao(DataType.UINT16, Shape.of(ROWS, COLUMNS)).withDepth(8), i -> 0);
        for (int k = 1; k < 6; k++) {
            int value = k;
            write("ring", i -> value);
        }
    }

    @Test
    void shouldGoToAnOlderFrameWhereTheListOfSlotsComesLate() throws InterruptedException {
        createRing();
        String held = browser().holdBack("history");
        try {
            openStreams("tab=history", "ring");
            browser().await("heldBack.length > 0");
            browser().press(",");
        } finally {
            browser().letGo(held);
        }
        browser().await("shmrt.values(0, 0, 0, 0, 0)[0][0] === '4'");
    }

    @Test
    void shouldLookAtEachFrameOfTheHistory() throws InterruptedException {
        createRing();
        openStreams("tab=history", "ring");
        browser().await("document.querySelectorAll('.history tbody tr').length >= 6");
        browser().press(",");
        browser().await("shmrt.values(0, 0, 0, 0, 0)[0][0] === '4'");
        browser().press(",");
        browser().await("shmrt.values(0, 0, 0, 0, 0)[0][0] === '3'");
        browser().press(".");
        browser().await("shmrt.values(0, 0, 0, 0, 0)[0][0] === '4'");
        browser().js("[...document.querySelectorAll('.history button')].find((b) => b.textContent === 'Live').click()");
        browser().await("shmrt.values(0, 0, 0, 0, 0)[0][0] === '5'");
    }
}
