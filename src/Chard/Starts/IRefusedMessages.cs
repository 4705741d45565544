using Azure.Storage.Queues.Models;

namespace Chard.Starts;

/// <summary>Keeps queue messages that start nothing, until somebody has looked at them.</summary>
public interface IRefusedMessages
{
    /// <summary>Class of messages that failed until their tries were used up.</summary>
    public const string PoisonClass = "poison-message";

    /// <summary>Keeps a start message, once however often it comes.</summary>
    /// <param name="message">The message.</param>
    /// <param name="failureClass">What kind of fault it has, such as <c>invalid-start</c>.</param>
    /// <param name="reason">The fault, for people.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task AddAsync(QueueMessage message, string failureClass, string reason, CancellationToken cancellationToken);
}
