extension Forms {
    private static let letters = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
    private static let alphabets = [letters + Array("+/".utf8), letters + Array("-_".utf8)]

    /// The value with 0, 1 or 2 bytes before it, which is all that its neighbours can change, in
    /// those letters that no neighbour has a part in.
    static func base64(_ value: [UInt8]) -> [[UInt8]] {
        (0...2).flatMap { before in
            alphabets.map { alphabet in
                base64(value, before: before, alphabet)
            }
        }
    }

    private static func base64(
        _ value: [UInt8], before: Int, _ alphabet: [UInt8]
    ) -> [UInt8] {
        let first = (before * 8 + 5) / 6
        let end = (before + value.count) * 8 / 6
        return (first..<end).map { letter in
            let bit = letter * 6 - before * 8
            let byte = bit / 8
            let pair = Int(value[byte]) << 8 | (byte + 1 < value.count ? Int(value[byte + 1]) : 0)
            return alphabet[pair >> (10 - bit % 8) & 63]
        }
    }
}
