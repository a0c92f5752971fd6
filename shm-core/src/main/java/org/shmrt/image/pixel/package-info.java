/** Arithmetic on the elements of images: conversion to Java numbers, grey levels, byte order and axis order. */
package org.shmrt.image.pixel;

// May import: memory, error.
