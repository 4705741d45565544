using System.CommandLine;

namespace Chard.Tool.Commands;

/// <summary><c>chard completion bash</c>.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        # Add to ~/.bashrc: source <(chard completion bash)
        _chard_complete() {
            local IFS=$'\n'
            COMPREPLY=($(compgen -W "$(chard "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _chard_complete chard
        """;

    private const string Zsh = """
        # Add to ~/.zshrc, after compinit: source <(chard completion zsh)
        _chard_complete() {
            local -a found
            found=("${(@f)$(chard "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
            compadd -a found || _files
        }
        compdef _chard_complete chard
        """;

    private const string PowerShell = """
        # Add to $PROFILE: chard completion pwsh | Out-String | Invoke-Expression
        Register-ArgumentCompleter -Native -CommandName chard -ScriptBlock {
            param($wordToComplete, $commandAst, $cursorPosition)
            chard "[suggest:$cursorPosition]" "$commandAst" | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
            }
        }
        """;

    /// <summary>The command.</summary>
    public static Command Create(CommandHost host)
    {
        var shell = new Argument<string>("shell") { Description = "Which shell" };
        shell.AcceptOnlyFromAmong("bash", "zsh", "pwsh");
        var command = new Command("completion", "Prints a script that completes chard in a shell") { shell };
        host.Handle(command, session =>
        {
            session.Screen.Document(session.Line.GetValue(shell) switch
            {
                "bash" => Bash,
                "zsh" => Zsh,
                _ => PowerShell,
            });
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }
}
