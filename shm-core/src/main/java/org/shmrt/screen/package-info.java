/**
 * Drawing on a terminal: a grid of cells, the difference between two of them, and keys. One class uses JLine.
 */
package org.shmrt.screen;

// May import: error.
