package org.shmrt.relay.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which addresses are multicast groups that Aeron can use. */
class MulticastGroupTest {
    @ParameterizedTest
    @CsvSource({"239.255.77.21:7721, 239.255.77.21:7721", "[ff12::7721]:1, [ff12:0:0:0:0:0:0:7721]:1"})
    void shouldParseAGroupAndItsPort(String text, String printed) {
        assertEquals(printed, MulticastGroup.parse(text).toString());
        assertEquals(MulticastGroup.parse(text), MulticastGroup.parse(printed));
    }

    @ParameterizedTest
    @CsvSource({
        "239.255.77.21, is not a multicast group",
        "192.168.1.1:7721, is not a multicast group",
        "[fe80::1]:7721, is not a multicast group",
        "239.255.77.21:0, is not a multicast group",
        "239.255.77.21:65536, is not a multicast group",
        "239.255.77.999:7721, is not a multicast group",
        "rtc1:7721, is not a multicast group",
        "239.255.77.20:7721, must be odd",
        "[ff12::7720]:7721, must be odd",
    })
    void shouldRefuseOtherAddresses(String text, String reason) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> MulticastGroup.parse(text));
        assertTrue(e.getMessage().contains(reason), e.getMessage());
    }

    @Test
    void shouldKnowFromWhereItCanBeReached() {
        assertTrue(MulticastGroup.parse("239.255.77.21:7721").isReachableFrom("10.77.0.1"));
        assertFalse(MulticastGroup.parse("239.255.77.21:7721").isReachableFrom("fe80::1"));
        assertTrue(MulticastGroup.parse("[ff12::7721]:7721").isReachableFrom("fe80::1%eth0"));
    }
}
