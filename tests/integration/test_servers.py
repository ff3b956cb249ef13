"""The servers of the tests are real: they keep what they confirmed, through a kill and a restart."""

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition


async def test_mongod_keeps_a_confirmed_write_through_a_kill(mongod, database):
    await database["rows"].insert_one({"_id": 1})

    mongod.kill()
    mongod.start_and_wait()

    assert await database["rows"].count_documents({}) == 1


async def test_mongod_runs_transactions_and_change_streams(database):
    rows = database["rows"]
    async with rows.watch() as changes:
        async with await database.client.start_session() as session, session.start_transaction():
            await rows.insert_one({"_id": "in a transaction"}, session=session)
        change = await anext(changes)

    assert change["documentKey"] == {"_id": "in a transaction"}


async def test_kafka_keeps_acknowledged_records_through_a_kill(kafka, make_topic):
    topic = make_topic()
    async with AIOKafkaProducer(bootstrap_servers=kafka.bootstrap, acks="all") as producer:
        for number in range(100):
            await producer.send_and_wait(topic, str(number).encode())

    kafka.kill()
    kafka.start_and_wait()

    async with AIOKafkaConsumer(bootstrap_servers=kafka.bootstrap, auto_offset_reset="earliest") as consumer:
        partition = TopicPartition(topic, 0)
        consumer.assign([partition])
        ends = await consumer.end_offsets([partition])
    assert ends == {partition: 100}
