/**
 * The relay benchmark: {@code shm relay} on each of its transports, against the simplest program that copies frames over
 * TCP, on the loopback interface.
 */
package org.shmrt.bench.relay;
