package org.shmrt.camera.aravis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Continuous numbers from the ids of cameras. */
class FrameIdsTest {
    private final FrameIds gige = new FrameIds(true);

    @Test
    void shouldCountFramesThatAreLeftOut() {
        assertEquals(0, gige.take(5));
        assertEquals(0, gige.take(6));
        assertEquals(2, gige.take(9));
        assertEquals(9, gige.number());
    }

    @Test
    void shouldContinueWhenIdsOf16BitsWrapTo1() {
        assertEquals(0, gige.take(0xfffe));
        assertEquals(0, gige.take(0xffff));
        assertEquals(0, gige.take(1));
        assertEquals(0x10000, gige.number());
        assertEquals(2, gige.take(4));
        assertEquals(0x10003, gige.number());
    }

    @Test
    void shouldNotCountALateFrameTwiceNorTakeItForAWrap() {
        gige.take(10);
        assertEquals(1, gige.take(12));
        assertEquals(FrameIds.COUNTED, gige.take(11));
        assertEquals(12, gige.number());
        assertEquals(0, gige.take(13));
        assertEquals(13, gige.number());
    }

    @Test
    void shouldNotCountAFrameThatIsLateAcrossTheWrap() {
        long[] ids = {65533, 65534, 1, 65535, 2, 3};
        long[] leftOut = {0, 0, 1, FrameIds.COUNTED, 0, 0};
        for (int i = 0; i < ids.length; i++) {
            assertEquals(leftOut[i], gige.take(ids[i]), "id " + ids[i]);
        }
        assertEquals(65535 + 3, gige.number());
    }

    @Test
    void shouldTakeAJumpOfIdsOf64BitsForFramesThatAreLeftOut() {
        gige.take(10);
        assertEquals(65525, gige.take(65536));
        FrameIds usb = new FrameIds(false);
        usb.take(10);
        assertEquals(65524, usb.take(65535));
    }

    @Test
    void shouldLeaveAFrameWithoutAnIdToTheNextOne() {
        gige.take(10);
        assertEquals(FrameIds.COUNTED, gige.take(0));
        assertEquals(1, gige.take(12));
        assertEquals(12, gige.number());
    }

    @Test
    void shouldGoOnWhenACameraCountsFrom0Again() {
        FrameIds usb = new FrameIds(false);
        assertEquals(0, usb.take(0));
        assertEquals(0, usb.take(1));
        assertEquals(98, usb.take(100));
        assertEquals(0, usb.take(0));
        assertEquals(101, usb.number());
        assertEquals(0, usb.take(1));
        assertEquals(102, usb.number());
    }
}
