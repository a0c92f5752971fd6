package org.shmrt.web.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.Keys;
import org.shmrt.image.colour.Limits;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;

/** Each control of the stream view, with the mouse and by keyboard; its effect is in the address. */
@Tag("slow")
class PageControlsTest extends PageTest {
    private static final int ROWS = 40;
    private static final int COLUMNS = 60;

    @BeforeEach
    void createStream() {
        create("cam", DataType.UINT16, Shape.of(ROWS, COLUMNS), i -> i);
    }

    @ParameterizedTest
    @CsvSource({
        "flip left and right,flip=x,x",
        "flip up and down,flip=y,y",
        "rotate by a quarter turn,rot=1,r",
        "transpose,tr=1,t",
        "invert the colours,invert=1,i",
    })
    void shouldSwitchByButtonAndByKey(String label, String parameter, String key) throws InterruptedException {
        openStreams("", "cam");
        browser().button(label).click();
        browser().await("location.hash.includes('" + parameter + "')");
        assertEquals("true", browser().button(label).getDomAttribute("aria-pressed"));
        openStreams("", "cam");
        browser().press(key);
        browser().await("location.hash.includes('" + parameter + "')");
    }

    @ParameterizedTest
    @CsvSource({
        "stretch,log,stretch=log", "stretch,sqrt,stretch=sqrt", "stretch,asinh,stretch=asinh",
        "limits,minmax,limits=minmax", "limits,zscale,limits=zscale", "limits,'5,95%','limits=5,95%25'",
        "colour map,grey,cmap=grey", "axes,fits,axes=fits"
    })
    void shouldChoose(String label, String value, String parameter) throws InterruptedException {
        openStreams("", "cam");
        browser().choose(label, value);
        browser().await("location.hash.includes('" + parameter + "')");
    }

    @Test
    void shouldComputeLimits() throws InterruptedException {
        openStreams("limits=minmax", "cam");
        browser().await("shmrt.look(0).low === 0 && shmrt.look(0).high === 2399");
        browser().choose("limits", "5,95%");
        browser().await("Math.abs(shmrt.look(0).low - 119.95) < 0.01 && Math.abs(shmrt.look(0).high - 2279.05) < 0.01");
        // A ramp without outliers: the line through the sorted values is the ramp itself. Every second value is taken,
        // and at most 1000 of them.
        browser().choose("limits", "zscale");
        browser().await("shmrt.look(0).low === 0 && shmrt.look(0).high === 1998");
    }

    @Test
    void shouldComputeTheSameZscaleAsTheCommandLine() throws InterruptedException {
        IntToDoubleFunction value = i -> i % 101 == 0 ? 60_000 : i % 89 == 0 ? Double.NaN : 500 + 30 * Math.sin(i * i);
        create("sky", DataType.FLOAT64, Shape.of(ROWS, COLUMNS), value);
        Limits.Range expected;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment data = arena.allocate(8L * ROWS * COLUMNS, 8);
            for (int i = 0; i < ROWS * COLUMNS; i++) {
                data.setAtIndex(ValueLayout.JAVA_DOUBLE, i, value.applyAsDouble(i));
            }
            expected = Limits.parse("zscale").of(new MemoryImage(DataType.FLOAT64, Shape.of(ROWS, COLUMNS), data));
        }
        openStreams("limits=zscale", "sky");
        browser()
                .await("Math.abs(shmrt.look(0).low - " + expected.low() + ") < 1e-6 && Math.abs(shmrt.look(0).high - "
                        + expected.high() + ") < 1e-6");
    }

    @Test
    void shouldGoOnFromTheMapShown() throws InterruptedException {
        create("pupil", DataType.COMPLEX64, Shape.of(ROWS, COLUMNS), i -> i % 7);
        openStreams("part=phase", "pupil");
        String maps = "[...document.querySelector(\"select[aria-label='colour map']\").options].map((o) => o.value)";
        String next = browser()
                .text("(() => { const maps = " + maps
                        + "; return maps[(maps.indexOf('cyclic') + 1) % maps.length] })()");
        browser().press("m");
        browser().await("location.hash.includes('cmap=" + next + "')");
    }

    @Test
    void shouldDragAndTypeLimits() throws InterruptedException {
        openStreams("limits=minmax", "cam");
        browser().await("shmrt.look(0).high === 2399");
        browser().drag(browser().find(".handle-high"), 0, 60);
        browser().await("shmrt.look(0).high < 2300 && shmrt.look(0).low === 0");
        browser().drag(browser().find(".handle-low"), 0, -40);
        browser().await("shmrt.look(0).low > 50");
        browser().find(".handle-low").sendKeys(Keys.PAGE_DOWN);
        browser().find("input[aria-label='high limit']").clear();
        browser().find("input[aria-label='high limit']").sendKeys("1234.5", Keys.TAB);
        browser().await("shmrt.look(0).high === 1234.5 && location.hash.includes('1234.5')");
        browser()
                .js("document.querySelector('.colour-track')"
                        + ".dispatchEvent(new MouseEvent('dblclick', {bubbles: true}))");
        browser().await("shmrt.look(0).low === 0 && shmrt.look(0).high === 2399");
    }

    @Test
    void shouldZoomAndPanToSinglePixels() throws InterruptedException {
        openStreams("", "cam");
        double fit = Double.parseDouble(browser().text("shmrt.view(0).scale"));
        browser().button("zoom in").click();
        browser().await("shmrt.view(0).scale > " + fit * 1.3);
        browser().button("zoom out").click();
        browser().await("Math.abs(shmrt.view(0).scale - " + fit + ") < 0.01");
        browser().button("one pixel to one pixel").click();
        browser().await("Math.abs(shmrt.view(0).scale - 1) < 1e-9");
        browser().button("fit").click();
        browser().await("shmrt.view(0).zoom === null");
        browser().js("window.before = shmrt.place(0, 10, 10)");
        String moved = "Math.hypot(shmrt.place(0, 10, 10)[0] - before[0], shmrt.place(0, 10, 10)[1] - before[1])";
        browser().wheel(0, 10, 10, -600);
        browser().await("shmrt.view(0).scale > " + fit * 2);
        // The place of a wheel is in whole pixels of the screen.
        assertEquals(0, Double.parseDouble(browser().text(moved)), 4, "the pixel stays");
        browser().drag(0, 10, 10, 12, 14);
        browser().await(moved + " > 20");
        browser().await("location.hash.includes('zoom=') && location.hash.includes('centre=')");
        browser().press("0", "+", "-", "1");
        browser().await("Math.abs(shmrt.view(0).scale - 1) < 1e-9");
    }

    @Test
    void shouldCutAndMeasure() throws InterruptedException {
        openStreams("", "cam");
        browser().click(0, 10, 20);
        browser().await("location.hash.includes('cross=10,20')");
        browser().await("document.querySelectorAll('.tab-panel .uplot').length === 2");
        browser().await("document.querySelector('.fact-pixel').textContent.includes('= ')");
        browser().button("drag a line for a cut").click();
        browser().drag(0, 5, 5, 30, 50);
        browser().await("location.hash.includes('line=5,5,30,50')");
        browser().await("document.querySelectorAll('.tab-panel .uplot').length === 3");
        browser().button("drag a region").click();
        browser().drag(0, 10, 10, 19, 29);
        browser().await("location.hash.includes('region=10,10,19,29')");
        browser().await("shmrt.statistics(0).region.pixels === 200 && shmrt.statistics(0).region.min === 610");
        assertEquals("1169", browser().text("shmrt.statistics(0).region.max"));
        assertEquals("889.5", browser().text("shmrt.statistics(0).region.mean"));
        assertEquals("889.5", browser().text("shmrt.statistics(0).region.median"));
        browser().await("document.querySelector('.statistics').innerText.includes('[10:20, 10:30]')");
        browser().await("document.querySelector('.statistics').innerText.includes('1199.5')");
        browser().button("click pixels for the time series").click();
        browser().click(0, 1, 2);
        browser().click(0, 3, 4);
        browser().await("location.hash.includes('pins=1,2;3,4')");
        write("cam", i -> i + 1);
        write("cam", i -> i + 2);
        browser().await("document.querySelector('.tab-panel .plot-legend').innerText.includes('[1, 2]')");
        browser().press(Keys.ESCAPE);
        browser().await("!/cross|line|region|pins/.test(location.hash)");
    }

    @Test
    void shouldMoveTheCrossHairByKeyboard() throws InterruptedException {
        openStreams("cross=20,30", "cam");
        browser().press(Keys.ARROW_RIGHT, Keys.ARROW_DOWN, Keys.ARROW_DOWN);
        browser().await("location.hash.includes('cross=22,31')");
        browser().pressShifted(Keys.ARROW_LEFT);
        browser().await("location.hash.includes('cross=22,21')");
        browser().press("p");
        browser().await("location.hash.includes('pins=22,21')");
        browser().press("n");
        browser().await("document.querySelector('.fact-pixel').textContent.startsWith('(22, 23)')");
        browser().press("m", "s", "a", "g");
        browser()
                .await("/stretch=log/.test(location.hash) && /limits=0.1/.test(location.hash)"
                        + " && /tool=region/.test(location.hash)");
    }

    @ParameterizedTest
    @CsvSource({"time,.uplot", "stats,.statistics", "radial,.uplot", "history,.history", "header,.header-tab"})
    void shouldShowTheTab(String tab, String content) throws InterruptedException {
        openStreams("", "cam");
        browser().find("#tab-" + tab).click();
        browser().await("document.querySelector('.tab-panel " + content + "')");
        assertEquals("true", browser().find("#tab-" + tab).getDomAttribute("aria-selected"));
        browser().find("#tab-" + tab).sendKeys(Keys.ARROW_RIGHT);
        browser().await("document.getElementById('tab-" + tab + "').getAttribute('aria-selected') === 'false'");
    }

    @Test
    void shouldShowHeaderAndKeywords() throws InterruptedException {
        openStreams("tab=header", "cam");
        browser().await("document.querySelector('.header-tab').innerText.includes('EXPTIME')");
        browser().await("document.querySelector('.header-tab').innerText.includes('Semaphores')");
    }

    @Test
    void shouldPauseAndGoOn() throws InterruptedException {
        openStreams("", "cam");
        browser().press(" ");
        browser().await("document.querySelector('.fact-drawn').textContent === 'paused'");
        write("cam", i -> 7);
        Thread.sleep(500);
        assertEquals("0", browser().text("shmrt.values(0, 0, 0, 0, 0)[0][0]"));
        browser().button("go on").click();
        browser().await("shmrt.values(0, 0, 0, 0, 0)[0][0] === '7'");
    }

    /** Each on a page of its own: Chromium asks the user before a page saves a second file by itself. */
    @ParameterizedTest
    @CsvSource({"npy,-1.npy", "fits,-1.fits", "png,-1.png", "screen,.png"})
    void shouldSave(String as, String ending) throws Exception {
        openStreams("", "cam");
        browser().choose("save the newest frame", as);
        byte[] bytes = Files.readAllBytes(browser().download(name("cam") + ending));
        String start = new String(bytes, 0, 6, StandardCharsets.ISO_8859_1);
        assertTrue(start.contains(as.equals("npy") ? "NUMPY" : as.equals("fits") ? "SIMPLE" : "PNG"), start);
    }

    @Test
    void shouldCopyAsNumpy() throws InterruptedException {
        openStreams("region=0,0,1,2", "cam");
        browser().press("c");
        browser().await("document.querySelector('.flash, dialog textarea')");
        String code = browser().text("shmrt.snippet(0)");
        assertTrue(code.contains("np.array([\n    [0, 1, 2],\n    [60, 61, 62]], dtype=np.uint16)"), code);
    }

    @Test
    void shouldSetTheSaturationLevel() throws InterruptedException {
        openStreams("", "cam");
        browser().find("input[aria-label='saturation level']").sendKeys("2000", Keys.TAB);
        browser().await("shmrt.statistics(0).whole.saturated === 400 && location.hash.includes('sat=2000')");
        browser().find("input[aria-label='saturation level']").clear();
        browser().find("input[aria-label='saturation level']").sendKeys("off", Keys.TAB);
        browser().await("shmrt.statistics(0).whole.saturated === 0");
    }

    @Test
    void shouldShowTheSameViewAgain() throws InterruptedException {
        openStreams("", "cam");
        browser().press("x", "r", "s", "i");
        browser().wheel(0, 10, 10, -400);
        browser().click(0, 12, 12);
        browser().await("/flip=x/.test(location.hash) && /zoom=/.test(location.hash) && /cross=/.test(location.hash)");
        String look = browser().text("JSON.stringify([shmrt.place(0, 3, 4).map(Math.round), shmrt.look(0)])");
        String fragment = browser().fragment();
        openStreams(fragment.substring(fragment.indexOf('?') + 1), "cam");
        assertEquals(look, browser().text("JSON.stringify([shmrt.place(0, 3, 4).map(Math.round), shmrt.look(0)])"));
    }

    @Test
    void shouldShowHelpAndThemes() throws InterruptedException {
        openStreams("", "cam");
        browser().press("?");
        browser().await("document.querySelector('dialog[open]').innerText.includes('Everywhere')");
        browser().press(Keys.ESCAPE);
        browser().await("!document.querySelector('dialog[open]')");
        String before = browser().text("getComputedStyle(document.body).backgroundColor");
        browser().find("button[aria-label^='theme']").click();
        browser().find("button[aria-label^='theme']").click();
        browser().await("document.documentElement.dataset.theme === 'light'");
        browser().press("D");
        browser().await("document.documentElement.dataset.theme === 'auto'");
        assertTrue(before.startsWith("rgb"));
    }
}
