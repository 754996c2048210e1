package struct SHA256 { var h: UInt64 = 1469598103934665603
 package init() {}
 package mutating func update(_ s: String) { for b in s.utf8 { h = (h ^ UInt64(b)) &* 1099511628211 } }
 package var hex: String { String(h, radix: 16) } }
