package import Attempts

/// The first that is run in a container, read from a pipe: what is secret in it is in memory only,
/// and the Engine never hears of it. The shell is that of the image, so it is asked for no more
/// than POSIX has, and for no program but itself.
package enum GateScript {
    /// The number of the descriptor on which is told of steps.
    private static let told = 8
    private static let longestPiece = 1_024

    package static func bytes(for spec: AttemptSpec, _ secrets: [HandedSecret]) -> [UInt8] {
        var script = Array(opening.utf8)
        for secret in secrets {
            if let variable = secret.variable {
                script += "export \(variable)='".utf8
                // A quote within quotes: they end, it stands for itself, they begin anew.
                for byte in secret.value {
                    script += byte == UInt8(ascii: "'") ? Array("'\\''".utf8) : [byte]
                }
                script += "'\n".utf8
            } else {
                script += file(secret)
            }
        }
        let isTold = spec.steps.count != 1 || spec.steps[0].name != nil
        script += driver(steps: spec.steps.count, isTold: isTold).utf8
        return script
    }

    private static let opening = """
        exec </dev/null >\(Channels.Inside.output) 2>&1 \(told)>\(Channels.Inside.steps)
        trap : TERM
        umask 0377

        """

    /// As numbers, because a secret may hold any byte.
    private static func file(_ secret: HandedSecret) -> [UInt8] {
        var script = Array("{ :\n".utf8)
        var rest = secret.value[...]
        while !rest.isEmpty {
            script += "printf '".utf8
            for byte in rest.prefix(longestPiece) {
                let digits = String(byte, radix: 8)
                script += "\\\(String(repeating: "0", count: 3 - digits.utf8.count))\(digits)".utf8
            }
            script += "'\n".utf8
            rest = rest.dropFirst(longestPiece)
        }
        return script + "} >/run/secrets/\(secret.name)\n".utf8
    }

    /// In braces, so that all of it is read before the gate is read for leave to end. Until that is
    /// given the container lives, and what it has used can still be counted.
    private static func driver(steps: Int, isTold: Bool) -> String {
        let tell = { (words: String) in isTold ? "echo \"\(words)\" >&\(told)" : ":" }
        return """
            {
            umask 0022
            cd /workspace || exit 126
            slipway_step=0 slipway_code=0
            while [ $slipway_step -lt \(steps) ]; do
              \(tell("begin $slipway_step"))
              /bin/sh -eu \(Channels.Inside.folder)/script-$slipway_step \(told)>&-
              slipway_code=$?
              \(tell("end $slipway_step $slipway_code"))
              [ $slipway_code = 0 ] || break
              slipway_step=$((slipway_step + 1))
            done
            echo "over 0" >&\(told)
            read -r slipway_leave <\(Channels.Inside.gate)
            exit $slipway_code
            }

            """
    }
}
