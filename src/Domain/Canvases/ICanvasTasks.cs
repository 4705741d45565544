using System.Text.Json;
using Chard.Domain.Json;

namespace Chard.Domain.Canvases;

/// <summary>What the check of a canvas needs to know of the tasks there are.</summary>
public interface ICanvasTasks
{
    /// <summary>All names, for hints.</summary>
    IReadOnlyCollection<string> Names { get; }

    /// <summary>The keys of all limits that nodes may name.</summary>
    IReadOnlyCollection<string> Limits { get; }

    /// <summary>
    /// The faults of <paramref name="args"/> by the task's schema, pointers relative to the arguments; empty if they will do.
    /// Called only for names in <see cref="Names"/>.
    /// </summary>
    IEnumerable<JsonFault> Check(string task, JsonElement args);
}
