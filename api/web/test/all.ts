import './aloud.test';
import './points.test';
import './spark.test';
import './view.test';
import './words.test';
