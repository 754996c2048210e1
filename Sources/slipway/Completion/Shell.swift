/// The shells that can be taught to complete slipway's words. Their scripts only ask
/// `slipway complete`, so they know no command and no option themselves.
///
/// They ask the `slipway` on the PATH and never the one on the line: whoever presses Tab behind
/// `./slipway` has not decided yet to run what lies there.
enum Shell: String, CaseIterable {
    case bash, zsh, fish

    var script: String {
        switch self {
        case .bash: Self.bashScript
        case .zsh: Self.zshScript
        case .fish: Self.fishScript
        }
    }
}
