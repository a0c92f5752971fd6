package org.shmrt.web.page;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;

/**
 * Chromium without a window, drawing with SwiftShader. All its files are in one directory, which {@link #close} removes.
 */
final class Browser implements AutoCloseable {
    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long POLL_MS = 50;

    /** Held, because a logger without a reference loses its level. It warns that it does not know this Chromium. */
    private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");

    private final Path files;
    private final ChromeDriver driver;

    private Browser(Path files, ChromeDriver driver) {
        this.files = files;
        this.driver = driver;
    }

    /** Starts a browser; skips the test where Debian's packages chromium and chromium-driver are missing. */
    static Browser start() throws IOException {
        assumeTrue(Files.isExecutable(DRIVER) && Files.isExecutable(CHROMIUM), "needs chromium and chromium-driver");
        SELENIUM.setLevel(Level.SEVERE);
        Path files = Files.createTempDirectory("shmrt-browser-");
        ChromeOptions options = new ChromeOptions();
        options.setBinary(CHROMIUM.toFile());
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--use-angle=swiftshader",
                "--enable-unsafe-swiftshader",
                "--disable-extensions",
                "--process-per-site", // else each page starts two processes
                "--window-size=1280,900",
                "--user-data-dir=" + files.resolve("profile"));
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(DRIVER.toFile())
                .withEnvironment(Map.of("TMPDIR", files.toString(), "HOME", files.toString()))
                .usingAnyFreePort()
                .build();
        ChromeDriver driver = new ChromeDriver(service, options);
        driver.manage().timeouts().scriptTimeout(PATIENCE);
        return new Browser(files, driver);
    }

    /** Opens an address, also if only its fragment differs from the present one. */
    void open(String address) {
        driver.get("about:blank");
        driver.get(address);
    }

    /**
     * Holds back the requests of one kind until {@link #letGo}, as if the server were slow. This applies to pages that
     * are opened afterwards.
     *
     * @return what to give to {@link #letGo}
     */
    String holdBack(String operation) {
        Map<String, Object> added = driver.executeCdpCommand(
                "Page.addScriptToEvaluateOnNewDocument",
                Map.of(
                        "source",
                        "const send = WebSocket.prototype.send; window.heldBack = [];"
                                + "WebSocket.prototype.send = function (message) {"
                                + "  const go = () => send.call(this, message);"
                                + "  if (window.heldBack && message.includes('\"op\":\"" + operation + "\"'))"
                                + "    window.heldBack.push(go);"
                                + "  else go(); };"));
        return (String) added.get("identifier");
    }

    /** Sends the requests held back, and holds back no more. */
    void letGo(String identifier) {
        driver.executeCdpCommand("Page.removeScriptToEvaluateOnNewDocument", Map.of("identifier", identifier));
        js("const held = window.heldBack ?? []; window.heldBack = null; held.forEach((go) => go())");
    }

    /** The fragment of the address. */
    String fragment() {
        return (String) js("return location.hash");
    }

    /** Runs a script in the page; it returns with {@code return}. */
    Object js(String script, Object... arguments) {
        return driver.executeScript(script, arguments);
    }

    /** The value of an expression as text. */
    String text(String expression) {
        return String.valueOf(js("return " + expression));
    }

    /** Waits until an expression is true. */
    void await(String expression) throws InterruptedException {
        long endNs = System.nanoTime() + PATIENCE.toNanos();
        while (!Boolean.TRUE.equals(js("try { return Boolean(" + expression + ") } catch (e) { return false }"))) {
            if (System.nanoTime() > endNs) {
                throw new AssertionError("waited in vain for " + expression + "; page: "
                        + text("document.body.innerText.slice(0, 2000)"));
            }
            Thread.sleep(POLL_MS);
        }
    }

    /** The first element of a CSS selector. */
    WebElement find(String selector) {
        return driver.findElement(By.cssSelector(selector));
    }

    /** The button with a label. */
    WebElement button(String label) {
        return find("button[aria-label='" + label + "']");
    }

    /** Chooses a value of a drop-down list. */
    void choose(String label, String value) {
        find("select[aria-label='" + label + "'] option[value='" + value + "']").click();
    }

    /** Presses keys where the focus is. */
    void press(CharSequence... keys) {
        new Actions(driver).sendKeys(keys).perform();
    }

    /** Presses a key with Shift. */
    void pressShifted(Keys key) {
        new Actions(driver).keyDown(Keys.SHIFT).sendKeys(key).keyUp(Keys.SHIFT).perform();
    }

    /** Drags an element. */
    void drag(WebElement element, int right, int down) {
        new Actions(driver).dragAndDropBy(element, right, down).perform();
    }

    /** Drags from one pixel of a pane to another. */
    void drag(int pane, int row, int column, int toRow, int toColumn) {
        int[] from = offset(pane, row, column);
        int[] to = offset(pane, toRow, toColumn);
        new Actions(driver)
                .moveToElement(overlay(pane), from[0], from[1])
                .clickAndHold()
                .moveByOffset((to[0] - from[0]) / 2, (to[1] - from[1]) / 2)
                .moveToElement(overlay(pane), to[0], to[1])
                .release()
                .perform();
    }

    /** Clicks a pixel of a pane. */
    void click(int pane, int row, int column) {
        int[] at = offset(pane, row, column);
        new Actions(driver).moveToElement(overlay(pane), at[0], at[1]).click().perform();
    }

    /** Turns the wheel above a pixel of a pane. */
    void wheel(int pane, int row, int column, int down) {
        js(
                "const [x, y] = shmrt.place(arguments[0], arguments[1], arguments[2]);"
                        + "const o = document.querySelectorAll('.overlay')[arguments[0]];"
                        + "const b = o.getBoundingClientRect();"
                        + "o.dispatchEvent(new WheelEvent('wheel', {deltaY: arguments[3], clientX: b.left + x,"
                        + " clientY: b.top + y, cancelable: true}))",
                pane,
                row,
                column,
                down);
    }

    private WebElement overlay(int pane) {
        return driver.findElements(By.cssSelector(".overlay")).get(pane);
    }

    /** Where a pixel lies, from the middle of its pane. */
    private int[] offset(int pane, int row, int column) {
        List<?> at = (List<?>) js(
                "const [x, y] = shmrt.place(arguments[0], arguments[1], arguments[2]);"
                        + "const b = document.querySelectorAll('.overlay')[arguments[0]].getBoundingClientRect();"
                        + "return [Math.round(x - b.width / 2), Math.round(y - b.height / 2)]",
                pane,
                row,
                column);
        return new int[] {((Number) at.get(0)).intValue(), ((Number) at.get(1)).intValue()};
    }

    /** Errors that the page wrote to the console. */
    List<String> errors() {
        return driver.manage().logs().get("browser").getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.SEVERE.intValue())
                .map(entry -> entry.getMessage())
                .toList();
    }

    /** A file that the browser downloaded, once it is complete. */
    Path download(String name) throws InterruptedException {
        Path file = files.resolve("Downloads").resolve(name); // below HOME
        long endNs = System.nanoTime() + PATIENCE.toNanos();
        while (!Files.exists(file)) {
            if (System.nanoTime() > endNs) {
                throw new AssertionError("the browser has not saved " + name);
            }
            Thread.sleep(POLL_MS);
        }
        return file;
    }

    @Override
    public void close() {
        driver.quit();
        try (Stream<Path> all = Files.walk(files)) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
