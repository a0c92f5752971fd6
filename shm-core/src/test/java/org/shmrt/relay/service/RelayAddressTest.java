package org.shmrt.relay.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RelayAddressTest {
    @ParameterizedTest
    @CsvSource({
        "rtc1, rtc1, 0, ''",
        "rtc1:7720, rtc1, 7720, ''",
        "rtc1:cam, rtc1, 0, cam",
        "rtc1:7720:cam, rtc1, 7720, cam",
        "192.0.2.1:dm1.shape, 192.0.2.1, 0, dm1.shape",
        "[::1]:7720:cam, ::1, 7720, cam",
        "[fe80::1%eth0]:cam, fe80::1%eth0, 0, cam",
        "rtc1:/tmp/cam.im.shm, rtc1, 0, cam",
    })
    void shouldParse(String text, String host, int port, String stream) {
        assertEquals(new RelayAddress(host, port, stream), RelayAddress.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":cam", "rtc1:99999:cam", "::1:cam", "[::1"})
    void shouldRefuse(String text) {
        assertThrows(IllegalArgumentException.class, () -> RelayAddress.parse(text));
    }
}
