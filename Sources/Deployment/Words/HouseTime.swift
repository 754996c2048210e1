/// An instant as a house reckons it: how long it has lived by then. It never jumps, and stands
/// still while nobody is at home.
package typealias HouseTime = Duration
