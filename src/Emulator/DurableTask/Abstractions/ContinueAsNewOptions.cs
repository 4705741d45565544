namespace Microsoft.DurableTask;

/// <summary>How an orchestration starts over.</summary>
public class ContinueAsNewOptions
{
    /// <summary>The input of the next execution; default null.</summary>
    public object? NewInput { get; set; }

    /// <summary>Whether events that came and were not taken pass on to the next execution; default true.</summary>
    public bool PreserveUnprocessedEvents { get; set; } = true;

    /// <summary>The version the next execution runs as; null keeps the present one.</summary>
    public string? NewVersion { get; set; }
}
