package org.shmrt.web.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.ImageStream;

/** Values, addresses and names of streams that must not stop the page, and what must not remain on it. */
@Tag("slow")
class PageSurvivesTest extends PageTest {
    private static final Shape SHAPE = Shape.of(20, 30);

    /** Shows that the page's clock still runs: a new frame is drawn. */
    private void assertFollows(String stream) throws InterruptedException {
        write(stream, i -> 7);
        browser().await("shmrt.values(0, 0, 0, 0, 0)[0][0] === '7'");
    }

    @Test
    void shouldDrawADoubleImageWhoseLimitsAreNeighbours() throws InterruptedException {
        double[][] pairs = {{0.3, 0.1 + 0.2}, {1, Math.nextUp(Math.nextUp(1))}, {-Double.MAX_VALUE, Double.MAX_VALUE}};
        for (int k = 0; k < pairs.length; k++) {
            double[] pair = pairs[k];
            create("cam" + k, DataType.FLOAT64, SHAPE, i -> pair[i % 2]);
            for (String tab : List.of("cut", "radial", "time", "stats")) {
                openStreams("limits=minmax&cross=3,4&line=0,0,5,5&pins=1,2;3,4&tab=" + tab, "cam" + k);
                browser().await("shmrt.look(0).high === " + pair[1] + " && shmrt.look(0).low === " + pair[0]);
            }
            assertFollows("cam" + k);
        }
    }

    @Test
    void shouldDrawALongImageWhoseLimitsAreNeighbours() throws InterruptedException {
        createLongs("cam", DataType.INT64, SHAPE, i -> 1_760_000_000_000_000_000L + 256L * (i % 2));
        openStreams("limits=minmax&cross=3,4", "cam");
        browser().await("shmrt.look(0).high - shmrt.look(0).low === 256");
        browser().await("document.querySelectorAll('.tab-panel .uplot').length === 2");
        write("cam", i -> 7);
        browser().await("shmrt.values(0, 0, 0, 0, 0)[0][0] === '7'");
    }

    @Test
    void shouldPlotAVectorWhoseValuesAreNeighbours() throws InterruptedException {
        create("slopes", DataType.FLOAT64, Shape.of(50), i -> i % 2 == 0 ? 1 : Math.nextUp(Math.nextUp(1)));
        openStreams("", "slopes");
        browser().await("document.querySelector('.stage .uplot')");
        assertFollows("slopes");
    }

    @Test
    void shouldGoOnAfterAnExceptionInATurn() throws InterruptedException {
        create("cam", DataType.UINT16, SHAPE, i -> i);
        openStreams("", "cam");
        browser()
                .js("const prototype = CanvasRenderingContext2D.prototype; const clearRect = prototype.clearRect;"
                        + "prototype.clearRect = () => { prototype.clearRect = clearRect;"
                        + " throw new Error('thrown once'); };"
                        + "window.isThrown = () => prototype.clearRect === clearRect;");
        write("cam", i -> 5);
        browser().await("isThrown()");
        assertFollows("cam");
        List<String> errors = browser().errors();
        assertEquals(1, errors.size(), errors::toString);
        assertTrue(errors.get(0).contains("thrown once"), errors::toString);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "line=0,0,1e12,0",
                "line=-1e308,0,1e308,0",
                "line=1e12,1e12,2e12,2e12",
                "tab=constructor",
                "tab=__proto__",
                "part=__defineGetter__"
            })
    void shouldShowAStreamWhateverTheAddressAsks(String parameters) throws InterruptedException {
        create("cam", DataType.COMPLEX64, SHAPE, i -> i);
        openStreams(parameters, "cam");
        write("cam", i -> 7);
        browser().await("shmrt.values(0, 0, 0, 0, 0)[0][0] === '7'");
        browser().await("document.getElementById('tab-cut').getAttribute('aria-selected') === 'true'");
    }

    @Test
    void shouldCutTheLineWithinThePicture() throws InterruptedException {
        openWall("");
        String cut = """
            import('/assets/measure.js').then(({lineCut, Points}) => {
              const picture = {rows: 20, columns: 30, at: (r, c) => 100 * r + c,
                contains: (r, c) => r >= 0 && c >= 0 && r < 20 && c < 30};
              const points = new Points();
              lineCut(picture, [LINE], points);
              const [x, y] = points.data;
              const seen = y.filter((value) => value === value);
              return `${x.length < 50} ${Math.round(x[0])} ${new Set(seen).size} ${seen[0]} ${seen[seen.length - 1]}`;
            })\
            """;
        assertEquals("true 0 20 0 1900", browser().text(cut.replace("LINE", "0, 0, 1e12, 0")));
        assertEquals("true 10 20 3 1903", browser().text(cut.replace("LINE", "-10, 3, 1e12, 3")));
        assertEquals("true 0 11 305 315", browser().text(cut.replace("LINE", "3, 5, 3, 15")));
        assertEquals("true 0 0 undefined undefined", browser().text(cut.replace("LINE", "30, 0, 1e12, 0")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sort=constructor", "sort=toString&group=toString", "group=__proto__"})
    void shouldShowTheWallWhateverTheAddressAsks(String parameters) throws InterruptedException {
        create("cam", DataType.UINT16, SHAPE, i -> i);
        openWall(parameters);
        browser().await("shmrt.cards().length === 1");
    }

    @Test
    void shouldCopyNoCodeFromTheNameOfAStream() throws InterruptedException {
        String name = "a\nimport os\r\u2028b";
        create(name, DataType.UINT8, SHAPE, i -> 1);
        create("big" + name, DataType.UINT8, Shape.of(80, 80), i -> 1);
        for (String each : List.of(name, "big" + name)) {
            openStreams("", each.replace("\n", "%0A").replace("\r", "%0D").replace(" ", "%20"));
            String code = browser().text("shmrt.snippet(0)");
            assertTrue(code.contains("a\ufffdimport os\ufffd\ufffdb"), code);
            assertFalse(code.lines().anyMatch(line -> line.startsWith("import os")), code);
        }
    }

    @Test
    void shouldForgetChosenStreamsThatAreRemoved() throws InterruptedException {
        for (String name : List.of("cam", "dm", "slopes")) {
            create(name, DataType.UINT16, SHAPE, i -> i);
        }
        openWall("");
        browser().await("shmrt.cards().length === 3");
        browser().js("document.querySelectorAll('.card-choose').forEach((box) => box.click())");
        String button = "document.querySelector('.wall > .toolbar .button')";
        browser().await(button + ".textContent === 'Show 3 side by side'");
        browser().find("#search").sendKeys("slopes");
        browser().await("shmrt.cards().length === 1");
        browser()
                .js("const box = document.getElementById('search'); box.value = '';"
                        + "box.dispatchEvent(new Event('input'))");
        browser().await("document.querySelectorAll('.card-choose:checked').length === 3");
        ImageStream.remove(file("cam"));
        browser().await(button + ".textContent === 'Show 2 side by side'");
        ImageStream.remove(file("dm"));
        browser().await(button + ".hidden");
        create("cam", DataType.UINT16, SHAPE, i -> i);
        browser().await("shmrt.cards().length === 2");
        assertEquals("1", browser().text("document.querySelectorAll('.card-choose:checked').length"));
    }

    @Test
    void shouldShowOnlyTheFactsOfThePaneThatIsActive() throws InterruptedException {
        createLongs("ids", DataType.INT64, SHAPE, i -> i);
        create("cam", DataType.UINT16, SHAPE, i -> i);
        openStreams("tab=stats", "ids", "cam");
        String facts = "document.querySelector('.statistics .facts').innerText";
        browser().await(facts + ".includes('measured as float64')");
        browser().await(facts + ".includes('after " + name("cam") + "')");
        browser().press("o");
        browser().await(facts + ".includes('after " + name("ids") + "')");
        browser().await("!" + facts + ".includes('measured as float64')");
        assertEquals("false", browser().text(facts + ".includes('after " + name("cam") + "')"));
    }
}
