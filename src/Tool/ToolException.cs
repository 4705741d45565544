namespace Chard.Tool;

/// <summary>Ends the command with a message for people and an exit code.</summary>
internal sealed class ToolException(string message, int code = ExitCode.Usage) : Exception(message)
{
    /// <summary>What the tool ends with.</summary>
    public int Code => code;
}
