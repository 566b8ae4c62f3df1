/** Pure sequences of fire times. */
package dev.conntrail.load.schedule;
