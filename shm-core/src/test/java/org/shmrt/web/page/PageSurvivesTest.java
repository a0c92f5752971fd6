package org.shmrt.web.page;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;

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
}
