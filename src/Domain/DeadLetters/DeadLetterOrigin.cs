using System.Text.Json.Serialization;
using Chard.Domain.Json;

namespace Chard.Domain.DeadLetters;

/// <summary>What kind of work a dead letter is.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<DeadLetterOrigin>))]
public enum DeadLetterOrigin
{
    /// <summary>A task of a workflow.</summary>
    Task,

    /// <summary>A message on the queue of starts that could not be made a workflow.</summary>
    StartMessage,

    /// <summary>A message on the queue of slow tasks that is no call of a task.</summary>
    TaskMessage,
}
