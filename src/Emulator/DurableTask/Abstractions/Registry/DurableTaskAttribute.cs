namespace Microsoft.DurableTask;

/// <summary>Names an activity, orchestrator or entity class; without a name it is called like the class.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false, Inherited = false)]
public sealed class DurableTaskAttribute : Attribute
{
    /// <summary>Marks a class, with a name if it is to differ from the class's.</summary>
    public DurableTaskAttribute(string? name = null) => Name = string.IsNullOrEmpty(name) ? default : new TaskName(name);

    /// <summary>The name; default when none was given.</summary>
    public TaskName Name { get; }

    /// <summary>The version; null when none.</summary>
    public string? Version { get; set; }
}
