package org.shmrt.web.page;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.ImageStream;

/** The wall, several streams side by side, control loops, and what comes and goes. */
@Tag("slow")
class PageWallTest extends PageTest {
    private static final Shape SHAPE = Shape.of(20, 30);

    private static String card(String name) {
        return "document.querySelector('[data-name=\"" + name + "\"]')";
    }

    @Test
    void shouldShowEachStreamAndFollowChanges() throws InterruptedException {
        create("cam", DataType.UINT16, SHAPE, i -> i);
        create("slopes", DataType.FLOAT32, Shape.of(50), i -> i);
        openWall("");
        browser().await("shmrt.cards().join() === '" + name("cam") + "," + name("slopes") + "'");
        browser().await(card(name("cam")) + ".querySelector('canvas').width === 30");
        browser().await(card(name("cam")) + ".innerText.includes('20×30 uint16')");
        create("dm", DataType.FLOAT32, SHAPE, i -> i);
        browser().await("shmrt.cards().join() === '" + name("cam") + "," + name("dm") + "," + name("slopes") + "'");
        ImageStream.remove(file("slopes"));
        browser().await("shmrt.cards().join() === '" + name("cam") + "," + name("dm") + "'");
        ImageStream.remove(file("cam"));
        create("cam", DataType.UINT8, Shape.of(7, 9), i -> i);
        browser().await(card(name("cam")) + ".innerText.includes('7×9 uint8')");
        browser().await(card(name("cam")) + ".querySelector('canvas').width === 9");
    }

    @Test
    void shouldSearchSortAndGroup() throws InterruptedException {
        create("cam", DataType.UINT16, SHAPE, i -> i);
        create("dm", DataType.FLOAT32, SHAPE, i -> i);
        create("big", DataType.FLOAT64, Shape.of(100, 100), i -> i);
        openWall("");
        browser().await("shmrt.cards().length === 3");
        browser().choose("Sort", "size");
        browser().await("shmrt.cards()[0] === '" + name("big") + "' && location.hash.includes('sort=size')");
        browser().choose("Group", "type");
        browser().await("document.querySelectorAll('.group').length === 3");
        browser().press("/");
        browser().find("#search").sendKeys("float");
        browser().await("shmrt.cards().length === 2 && location.hash.includes('q=float')");
        browser().find("#search").sendKeys("nothing");
        browser().await("document.querySelector('.empty').innerText.includes('No stream matches')");
    }

    @Test
    void shouldUpdateThumbnails() throws InterruptedException {
        create("cam", DataType.UINT16, SHAPE, i -> i);
        openWall("");
        String pixel =
                card(name("cam")) + ".querySelector('canvas').getContext('2d').getImageData(0, 0, 1, 1).data.join()";
        browser().await(card(name("cam")) + ".querySelector('canvas').width === 30 && " + pixel + " !== '0,0,0,0'");
        String before = browser().text(pixel);
        write("cam", i -> 1000 - i);
        browser().await(pixel + " !== '" + before + "'");
    }

    @Test
    void shouldShowStreamsSideBySideWithLinkedZoom() throws InterruptedException {
        create("cam", DataType.UINT16, SHAPE, i -> i);
        create("dm", DataType.FLOAT32, SHAPE, i -> i);
        openWall("");
        browser().await("shmrt.cards().length === 2");
        for (String name : new String[] {"cam", "dm"}) {
            browser().js(card(name(name)) + ".querySelector('.card-choose').click()");
        }
        browser().find(".wall > .toolbar .button").click();
        browser().await("shmrt.panes().join() === '" + name("cam") + "," + name("dm") + "'");
        browser().await("shmrt.meter(0).frames > 0 && shmrt.meter(1).frames > 0");
        browser().wheel(0, 5, 5, -500);
        browser()
                .await("shmrt.view(0).zoom !== null && shmrt.view(0).zoom === shmrt.view(1).zoom"
                        + " && shmrt.view(0).centreX === shmrt.view(1).centreX");
        browser().button("link zoom of all panes").click();
        String before = browser().text("shmrt.view(1).zoom");
        browser().wheel(0, 5, 5, -500);
        assertEquals(before, browser().text("shmrt.view(1).zoom"));
        browser().press("o", "x");
        browser().await("location.hash.includes('flip.1=x')");
        browser().button("close " + name("dm")).click();
        browser().await("shmrt.panes().join() === '" + name("cam") + "'");
        browser().choose("show another stream beside", name("dm"));
        browser().await("shmrt.panes().length === 2");
    }

    @Test
    void shouldFollowAStreamThatIsCreatedAgain() throws InterruptedException {
        create("cam", DataType.UINT16, SHAPE, i -> 5);
        openStreams("", "cam");
        ImageStream.remove(file("cam"));
        browser().await("document.querySelector('.stage-message').textContent !== ''");
        create("cam", DataType.FLOAT32, Shape.of(8, 8), i -> 6);
        browser().await("shmrt.frame(0).dtype === 'float32' && shmrt.values(0, 7, 7, 7, 7)[0][0] === '6'");
    }

    @Test
    void shouldWaitForAStreamAndForTheServer() throws InterruptedException {
        openWall("");
        browser().await("document.querySelector('.empty').innerText.includes('no stream in this directory')");
        create("cam", DataType.UINT16, SHAPE, i -> 5);
        openStreams("", "cam");
        restartServer();
        write("cam", i -> 9);
        browser().await("shmrt.values(0, 0, 0, 0, 0)[0][0] === '9'");
    }

    @Test
    void shouldShowControlLoops() throws InterruptedException {
        openWall("");
        browser().await("document.querySelector('.loops').innerText.includes('hwfs')");
        browser().find(".loops a").click();
        browser().await("location.hash.startsWith('#/loop/hwfs')");
        openLoop("hwfs");
        browser().await("document.querySelector('.loop-page').innerText.includes('running')");
        browser().await("document.querySelectorAll('.loop-plots .uplot').length >= 1");
        browser().await("document.querySelector('.loop-page .table').innerText.includes('40.0')");
        browser().js("[...document.querySelectorAll('.row-choice')].find((b) => b.textContent === 'compute').click()");
        browser().await("location.hash.includes('measure=compute')");
    }
}
